/// Why models cannot be judged on this data.
public enum OfflineEvaluationError: Error, Equatable, CustomStringConvertible {
    /// The data set lacks a feature of the model.
    case missingFeature(role: String, name: String, model: String)
    /// The identifiers of a table are of another kind.
    case differentIdentifiers(table: String, model: String)
    /// There is nothing in the split.
    case emptySplit(String)
    /// Of these requests there is none that both models can score.
    case noCommonRequest(requests: Int)
    /// The data set has no feature of candidates, so that nothing has a name.
    case noCandidateFeature

    /// One sentence: the thing and the mend.
    public var description: String {
        switch self {
        case .missingFeature(let role, let name, let model):
            "the data set has no \(role) feature '\(name)', which \(model) needs; prepare it with that feature"
        case .differentIdentifiers(let table, let model):
            "identifiers of table '\(table)' are of another kind in \(model) than in the data set"
        case .emptySplit(let split):
            "the data set has no sample in split '\(split)'; name another split, or prepare one"
        case .noCommonRequest(let requests):
            "none of the \(requests) requests can be scored by both models; they are of another model, or the log is empty"
        case .noCandidateFeature: "the data set has no candidate feature; prepare it with one"
        }
    }
}

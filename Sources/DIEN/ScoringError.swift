/// What is wrong with a request; all but `nonFinite` and `abandoned` are the caller's to mend.
public enum ScoringError: Error, Equatable, CustomStringConvertible {
    /// There is no candidate to score.
    case noCandidates
    /// Two columns of one role have different lengths.
    case unequalColumns(field: String, count: Int, expected: Int)
    /// The model has no such feature in that role.
    case unknownFeature(field: String)
    /// The same feature twice in one role.
    case duplicateFeature(field: String)
    /// A feature that the model needs and cannot look up.
    case missingFeature(field: String)
    /// Integers where the model's identifiers are strings, or the other way round.
    case wrongIDKind(field: String, expected: IDKind)
    /// A profile or context feature has exactly one value.
    case wrongCount(field: String, count: Int)
    /// Attention weights were asked of an architecture that has none.
    case noAttention(architecture: String)
    /// The model computed an infinity or a NaN for a candidate: a fault of the model, not of the request.
    case nonFinite(candidate: Int)
    /// Whoever asked for the scores no longer wants them.
    case abandoned

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .noCandidates: "candidates: nothing to score; send at least one candidate"
        case .unequalColumns(let field, let count, let expected):
            "\(field): \(count) values, but the other columns of its role have \(expected)"
        case .unknownFeature(let field): "\(field): the model has no such feature"
        case .duplicateFeature(let field): "\(field): given twice"
        case .missingFeature(let field): "\(field): the model needs this feature"
        case .wrongIDKind(let field, let expected):
            "\(field): the model's identifiers are \(expected == .uint64 ? "64-bit integers" : "strings")"
        case .wrongCount(let field, let count): "\(field): exactly one value is needed, found \(count)"
        case .noAttention(let architecture):
            "top_attention: a model of architecture \(architecture) has no attention; leave it out"
        case .nonFinite(let candidate): "the model's output for candidate \(candidate) is not finite"
        case .abandoned: "scoring was given up before its end"
        }
    }
}

/// Why what a server tells cannot be what it has counted.
public enum TallyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A number that is not finite, a length that is wrong, counts that contradict each other.
    case impossible(model: String, what: String)

    /// One line: where.
    public var description: String {
        switch self {
        case .impossible(let model, let what):
            "counters of model \(model): \(what): the numbers cannot be; is the server of another version?"
        }
    }
}

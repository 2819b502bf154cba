public import Tensors

/// Why a model folder is not served.
public enum ModelError: Error, Equatable, CustomStringConvertible {
    /// A file of the folder cannot be opened or mapped.
    case unreadableFile(name: String, reason: String)
    /// A JSON file is not JSON; `reason` says where.
    case malformedFile(name: String, reason: String)
    /// A field of config.json is missing, unknown or has a value that cannot be.
    case invalidConfiguration(field: String, reason: String)
    /// The weights or the vocabulary are not the tensors that the configuration calls for.
    case invalidTensors(TensorError)
    /// A tensor that this configuration does not have.
    case unexpectedTensor(file: String, tensor: String)
    /// A vocabulary tensor has the right shape and wrong content.
    case invalidVocabulary(tensor: String, reason: String)
    /// A line of golden.jsonl is not a golden request, or cannot be scored; lines count from 1.
    case invalidGolden(line: Int, reason: String)
    /// A golden request's probability is off by more than the tolerance: these weights do not compute what the
    /// trainer's program computed.
    case goldenMismatch(line: Int, candidate: Int, expected: Float, found: Float, tolerance: Float)
    /// The same of a version that is computed in less than float32, or whose tables are.
    case precisionLoss(line: Int, candidate: Int, expected: Float, found: Float, tolerance: Float)

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .unreadableFile(let name, let reason): "cannot read \(name): \(reason)"
        case .malformedFile(let name, let reason): "\(name): \(reason)"
        case .invalidConfiguration(let field, let reason): "config.json: \(field): \(reason)"
        case .invalidTensors(let error): error.description
        case .unexpectedTensor(let file, let tensor):
            "\(file): unexpected tensor \"\(tensor)\"; remove it, or name what it belongs to in config.json"
        case .invalidVocabulary(let tensor, let reason): "vocabulary.safetensors: \"\(tensor)\": \(reason)"
        case .invalidGolden(let line, let reason): "golden.jsonl, line \(line): \(reason)"
        case .goldenMismatch(let line, let candidate, let expected, let found, let tolerance):
            "golden.jsonl, line \(line), candidate \(candidate): expected \(expected), computed \(found), "
                + "tolerance \(tolerance); the weights and the golden requests are not of one model"
        case .precisionLoss(let line, let candidate, let expected, let found, let tolerance):
            "golden.jsonl, line \(line), candidate \(candidate): expected \(expected), computed \(found), "
                + "precision tolerance \(tolerance); keep the tables or the network in more bits"
        }
    }
}

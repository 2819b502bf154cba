public import DIEN
public import Files
public import Tensors

/// Why a network cannot be trained.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The weights to start from are not the tensors that the configuration calls for.
    case invalidTensors(TensorError)
    /// Preset paper's auxiliary loss is an inner product of a GRU state and a behaviour, which are not of one width.
    case unequalWidths(hidden: Int, item: Int)
    /// A checkpoint cannot be written or read.
    case checkpoint(TensorError)
    /// A checkpoint is of another format, or of an optimiser with other constants.
    case unusableCheckpoint(path: String, reason: String)
    /// Something stands where a model folder is to be written.
    case outputExists(path: String)
    /// A file of a model folder, or of the data set it takes its vocabulary from, cannot be read or written.
    case file(FileError)
    /// The model to start from, or the folder that was written, is not one that can be served.
    case invalidModel(ModelError)
    /// A golden request of the folder to be written cannot be scored; requests count from 1.
    case invalidRequest(number: Int, reason: String)

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .invalidTensors(let error): error.description
        case .checkpoint(let error): error.description
        case .unusableCheckpoint(let path, let reason):
            "\(path): \(reason); start anew, or from another checkpoint"
        case .outputExists(let path):
            "\(path): is there already; remove it, or say that it is to be replaced"
        case .file(let error): error.description
        case .invalidModel(let error): error.description
        case .invalidRequest(let number, let reason): "golden request \(number): \(reason)"
        case .unequalWidths(let hidden, let item):
            "hidden_size is \(hidden), a behaviour is \(item) wide; the auxiliary loss of architecture dien, "
                + "preset paper needs them equal"
        }
    }
}

public import Tensors

/// Why a network cannot be trained.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The weights to start from are not the tensors that the configuration calls for.
    case invalidTensors(TensorError)
    /// Preset paper's auxiliary loss is an inner product of a GRU state and a behaviour, which are not of one width.
    case unequalWidths(hidden: Int, item: Int)

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .invalidTensors(let error): error.description
        case .unequalWidths(let hidden, let item):
            "hidden_size is \(hidden), a behaviour is \(item) wide; the auxiliary loss of architecture dien, "
                + "preset paper needs them equal"
        }
    }
}

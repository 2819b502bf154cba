internal import Tensors

/// The activation of the head's hidden layers.
enum HeadActivation: Sendable {
    case dice(Dice)
    /// alpha [channels].
    case prelu(PackedVector)

    init(
        _ parameters: inout ModelParameters, prefix: String, channels: Int,
        _ configuration: ModelConfiguration
    ) throws(ModelError) {
        if configuration.architecture.hasPReLU {
            self = .prelu(PackedVector(try parameters.vector("\(prefix).alpha", count: channels)))
        } else {
            self = .dice(try Dice(&parameters, prefix: prefix, channels: channels))
        }
    }

    /// In place, [rows, channels].
    func apply(to values: inout Matrix, _ kernels: Kernels) {
        switch self {
        case .dice(let dice): dice.apply(to: &values, kernels)
        case .prelu(let alpha): kernels.prelu(&values, alpha: alpha)
        }
    }
}

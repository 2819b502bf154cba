public import DIEN
public import Tensors

extension Network {
    /// A network that has learnt nothing: the same bits for the same configuration and seed, whatever the threads.
    ///
    /// Weights are Glorot-uniform, biases 0 (1 for the gates of GRUs), alpha 0 in Dice and 0.1 in PReLU, as in the
    /// authors' program.
    public convenience init(
        _ configuration: ModelConfiguration, seed: UInt64, threads: Int = 1, kernels: Kernels = .automatic
    ) throws(TrainingError) {
        let source = InitialValues(configuration: configuration, seed: seed)
        try self.init(from: source, configuration, threads: threads, kernels: kernels)
    }
}

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

extension Network {
    /// A network that goes on from an earlier model: a folder, or a version in a registry. For daily retraining, whose
    /// tables may have other rows than before.
    ///
    /// Rows are matched by identifier; new ones, and the auxiliary network where the model was saved without, begin as in
    /// a fresh network of `seed`. Everything else has to be of the same shape as before.
    /// - Parameter vocabularyPath: the vocabulary.safetensors of `configuration`.
    public convenience init(
        continuing files: some ModelFiles, _ configuration: ModelConfiguration, vocabularyPath: String,
        seed: UInt64, threads: Int = 1, kernels: Kernels = .automatic
    ) throws(TrainingError) {
        let fresh = InitialValues(configuration: configuration, seed: seed)
        let source = try WarmStart(files, vocabularyPath: vocabularyPath, fresh)
        try self.init(from: source, configuration, threads: threads, kernels: kernels)
    }
}

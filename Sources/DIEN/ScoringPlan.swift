internal import Tensors

/// A model ready to compute: every layer with packed weights, built once at load, immutable.
struct ScoringPlan: Sendable {
    let embeddings: Embeddings
    let interest: Interest
    let headInput: HeadInput
    let head: Head
    let wide: WidePart?
    let kernels: Kernels

    /// Takes every tensor; throws for one that is missing, left over, misshapen or not finite.
    init(
        _ parameters: consuming ModelParameters, _ configuration: ModelConfiguration, _ kernels: Kernels
    ) throws(ModelError) {
        embeddings = try Embeddings(&parameters, configuration)
        interest = try Interest(&parameters, configuration)
        headInput = HeadInput(hasProduct: configuration.architecture.hasProduct)
        head = try Head(&parameters, configuration)
        wide = configuration.architecture == .wideDeep ? try WidePart(&parameters, configuration) : nil
        self.kernels = kernels
        try parameters.finish()
    }

    /// The forward pass: T behaviours of one user, N candidates, all of them at once.
    func forward(_ input: ResolvedInput) -> ForwardPass {
        let behaviours = embeddings.vectors(of: input.history)  // [T, D]
        let targets = embeddings.vectors(of: input.candidates)  // [N, D]
        let interest = interest.forward(behaviours: behaviours, targets: targets, kernels)
        let headInput = headInput.assemble(
            profile: embeddings.vectors(of: input.profile), context: embeddings.vectors(of: input.context),
            targets: targets, behaviours: behaviours, interests: interest.vectors)
        var logits = head.logits(headInput, kernels)  // [N, 1]
        wide?.add(to: &logits, targets: targets, behaviours: behaviours, kernels)
        return ForwardPass(interest: interest, headInput: headInput, logits: logits)
    }
}

/// What a forward pass computed on its way.
struct ForwardPass: ~Copyable {
    let interest: InterestPass
    /// [N, headInputSize]
    let headInput: Matrix
    /// [N, 1]: z0 - z1, class 0 being the click.
    var logits: Matrix
}

internal import Tensors

/// A model ready to compute: every layer with packed weights, built once at load, immutable.
struct ScoringPlan: Sendable {
    let embeddings: Embeddings
    let extractor: InterestExtractor
    let attention: Attention
    let evolution: InterestEvolution
    let head: Head
    let kernels: Kernels

    /// Takes every tensor of the file; throws for one that is missing, left over, misshapen or not finite.
    init(
        _ file: SafetensorsFile, _ configuration: ModelConfiguration, _ kernels: Kernels
    ) throws(ModelError) {
        var parameters = ModelParameters(file)
        embeddings = try Embeddings(&parameters, configuration)
        extractor = try InterestExtractor(&parameters, configuration)
        attention = try Attention(&parameters, configuration)
        evolution = try InterestEvolution(&parameters, configuration)
        head = try Head(&parameters, configuration)
        self.kernels = kernels
        try parameters.finish()
    }

    /// The forward pass: T behaviours of one user, N candidates, all of them at once.
    func forward(_ input: ResolvedInput) -> ForwardPass {
        let behaviours = embeddings.vectors(of: input.history)  // [T, D]
        let interests = extractor.interests(of: behaviours, kernels)  // [T, H]
        let targets = embeddings.vectors(of: input.candidates)  // [N, D]
        let attention = attention.weights(targets: targets, interests: interests, kernels)  // [N, T]
        let finalStates = evolution.finalStates(interests: interests, attention: attention, kernels)  // [N, H]
        let headInput = HeadInput.assemble(
            profile: embeddings.vectors(of: input.profile), context: embeddings.vectors(of: input.context),
            targets: targets, behaviours: behaviours, finalStates: finalStates)
        let logits = head.logits(headInput, kernels)  // [N, 1]
        return ForwardPass(
            interests: interests, attention: attention, finalStates: finalStates, headInput: headInput,
            logits: logits)
    }
}

/// What a forward pass computed on its way.
struct ForwardPass: ~Copyable {
    /// [T, H]
    let interests: Matrix
    /// [N, T]
    let attention: Matrix
    /// [N, H]
    let finalStates: Matrix
    /// [N, headInputSize]
    let headInput: Matrix
    /// [N, 1]: z0 - z1, class 0 being the click.
    var logits: Matrix
}

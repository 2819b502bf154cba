internal import Files
public import Tensors

/// One loaded and checked version of a model: immutable, shared by all threads.
///
/// Weights of the layers are copied into the kernels' layout; embedding tables and vocabularies stay mapped, and keep
/// their files mapped as long as the model lives.
public final class Model: Sendable {
    /// What config.json says.
    public let configuration: ModelConfiguration
    /// The kernels it computes with.
    public let kernels: Kernels
    /// The precision of the layers that run once a candidate and step; fp32 where there is none.
    public let precision: Precision
    let plan: ScoringPlan
    let resolver: InputResolver
    let golden: [GoldenRequest]
    /// The files that stay mapped.
    let mappedFiles: [MappedFile]
    /// Of the threads that score without one of their own.
    let workspaces = Workspaces()

    /// Loads config.json, model.safetensors, vocabulary.safetensors and golden.jsonl, and checks structure, shapes,
    /// vocabularies and that every weight is finite. Whether it computes what was trained is ``verifyGolden()``'s to say.
    ///
    /// - Parameters:
    ///   - precision: of the layers that run once a candidate and step; nil: what config.json says.
    ///   - candidates: how much to keep of what is computed of candidates alone, which changes no bit of a score.
    public init(
        files: some ModelFiles, kernels: Kernels = .automatic, precision: Precision? = nil,
        keeping candidates: CandidateLimits = CandidateLimits()
    ) throws(ModelError) {
        let configuration = try ModelConfiguration(of: files)
        self.precision = configuration.hasStepLayers ? precision ?? configuration.precision : .fp32
        let tensors = try ModelTensors(of: files, configuration, precision: self.precision)
        mappedFiles = tensors.mappedFiles
        let vocabulary = try Vocabulary(tensors.vocabulary, configuration)
        plan = try ScoringPlan(tensors.parameters, configuration, kernels, keeping: candidates)
        golden = try GoldenRequest.lines(of: files.contents("golden.jsonl", limitBytes: 1 << 26))
        resolver = InputResolver(configuration, vocabulary)
        self.configuration = configuration
        self.kernels = kernels
    }

    /// Whether anything of it is kept or computed in less than float32, so that its scores may differ from those of the
    /// trained weights by the ``ModelConfiguration/precisionTolerance``.
    public var isCompressed: Bool { precision != .fp32 || plan.embeddings.isCompressed }

    /// The element type of each embedding table, by the table's name.
    public var tableTypes: [String: ElementType] { plan.embeddings.types }

    /// What came of keeping candidates; nil: none are kept.
    public var candidateCounts: ReuseCounts? { plan.candidateCache?.counts }

    /// The click probability of every candidate. Synchronous, on the calling thread, from any number of threads.
    ///
    /// The same input gives the same bits, whatever other candidates are beside it.
    public func score(_ input: RankingInput) throws(ScoringError) -> Scores {
        let resolved = try resolver.resolve(input)
        return Scores(
            probabilities: try probabilities(resolved), unknownIDs: resolved.unknownIDs,
            historyLength: resolved.history.count)
    }

    /// Both parts in a workspace of the model's own; throws `nonFinite` alone.
    func probabilities(_ input: ResolvedInput) throws(ScoringError) -> [Float] {
        try workspaces.borrow { workspace throws(ScoringError) in
            let state = plan.state(of: input.history, &workspace)
            return try plan.probabilities(input, of: state, &workspace)
        }
    }
}

extension ModelConfiguration {
    /// The configuration of a model's files.
    public init(of files: some ModelFiles) throws(ModelError) {
        self = try ModelConfiguration(parsing: files.contents("config.json", limitBytes: 1 << 20))
    }
}

extension ModelFiles {
    /// A copy of a whole file, refused before it is made where it would be long.
    func contents(_ name: String, limitBytes: Int) throws(ModelError) -> [UInt8] {
        let file = try open(name)
        guard file.count <= limitBytes else {
            throw .malformedFile(name: name, reason: "\(file.count) bytes, at most \(limitBytes) are read")
        }
        return file.copy(0..<file.count)
    }
}

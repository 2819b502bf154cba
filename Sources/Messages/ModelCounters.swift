import CMessages

/// All that was counted of one model: `dien.v1.ModelCounters`.
public struct ModelCounters: ProtobufMessage {
    /// Its name.
    public var model: String
    /// Its experiments.
    public var experiments: [ExperimentCounters]
    /// Its shadows.
    public var shadows: [ShadowCounters]

    /// A message of these parts.
    public init(
        model: String = "", experiments: [ExperimentCounters] = [], shadows: [ShadowCounters] = []
    ) {
        self.model = model
        self.experiments = experiments
        self.shadows = shadows
    }

    /// Decodes a `dien.v1.ModelCounters`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ModelCounters`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ModelCounters: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__model_counters__init)

    init(copying message: Dien__V1__ModelCounters) throws(MessageError) {
        unsafe self.init(
            model: text(message.model))
        experiments = try unsafe messages(message.experiments, message.n_experiments, field: "experiments")
        shadows = try unsafe messages(message.shadows, message.n_shadows, field: "shadows")
    }

    func fill(_ message: inout Dien__V1__ModelCounters, in arena: Arena) {
        unsafe message.model = unsafe arena.copy(model)
        unsafe message.n_experiments = experiments.count
        unsafe message.experiments = unsafe arena.copy(experiments)
        unsafe message.n_shadows = shadows.count
        unsafe message.shadows = unsafe arena.copy(shadows)
    }
}

import CMessages

/// Which model, exactly, computed the scores: `dien.v1.ServedBy`.
public struct ServedBy: ProtobufMessage {
    /// The model's name.
    public var model: String
    /// The version's number.
    public var version: UInt64
    /// Digest of the version's manifest, `sha256:…`.
    public var digest: String
    /// The arm whose version answered; `champion` by default.
    public var arm: String
    /// The epoch by which the version was chosen.
    public var registryEpoch: UInt64
    /// The experiment's arm that the routing key was assigned to; empty outside experiments.
    public var assignedArm: String
    /// The experiment, by its salt; empty where there is none.
    public var experiment: String

    /// A record of these parts.
    public init(
        model: String = "", version: UInt64 = 0, digest: String = "", arm: String = "",
        registryEpoch: UInt64 = 0, assignedArm: String = "", experiment: String = ""
    ) {
        self.model = model
        self.version = version
        self.digest = digest
        self.arm = arm
        self.registryEpoch = registryEpoch
        self.assignedArm = assignedArm
        self.experiment = experiment
    }

    /// Decodes a `dien.v1.ServedBy`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ServedBy`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ServedBy: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__served_by__init)

    init(copying message: Dien__V1__ServedBy) throws(MessageError) {
        unsafe self.init(
            model: text(message.model), version: message.version, digest: text(message.digest),
            arm: text(message.arm), registryEpoch: message.registry_epoch,
            assignedArm: text(message.assigned_arm), experiment: text(message.experiment))
    }

    func fill(_ message: inout Dien__V1__ServedBy, in arena: Arena) {
        unsafe message.model = unsafe arena.copy(model)
        unsafe message.version = version
        unsafe message.digest = unsafe arena.copy(digest)
        unsafe message.arm = unsafe arena.copy(arm)
        unsafe message.registry_epoch = registryEpoch
        unsafe message.assigned_arm = unsafe arena.copy(assignedArm)
        unsafe message.experiment = unsafe arena.copy(experiment)
    }
}

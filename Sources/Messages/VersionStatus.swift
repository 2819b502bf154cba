import CMessages

/// One version of a model in one server: `dien.v1.VersionStatus`.
public struct VersionStatus: ProtobufMessage {
    /// The version's number.
    public var version: UInt64
    /// Where it stands.
    public var state: VersionState
    /// Why it is refused, or which step of loading it is in.
    public var reason: String
    /// Digest of the version's manifest.
    public var digest: String
    /// The network, such as `dien`.
    public var architecture: String
    /// `paper` or `reference`.
    public var preset: String
    /// The kernels that score it.
    public var kernels: String
    /// What its network is computed in.
    public var precision: String
    /// What is kept of users; nil where nothing is.
    public var userStates: ReuseCounts?
    /// What is kept of candidates; nil where nothing is.
    public var candidateParts: ReuseCounts?

    /// A status of these parts.
    public init(
        version: UInt64, state: VersionState, reason: String = "", digest: String = "",
        architecture: String = "", preset: String = "", kernels: String = "",
        precision: String = "", userStates: ReuseCounts? = nil, candidateParts: ReuseCounts? = nil
    ) {
        self.version = version
        self.state = state
        self.reason = reason
        self.digest = digest
        self.architecture = architecture
        self.preset = preset
        self.kernels = kernels
        self.precision = precision
        self.userStates = userStates
        self.candidateParts = candidateParts
    }

    /// Decodes a `dien.v1.VersionStatus`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.VersionStatus`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension VersionStatus: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__version_status__init)

    init(copying message: Dien__V1__VersionStatus) throws(MessageError) {
        unsafe self.init(
            version: message.version, state: VersionState(message.state), reason: text(message.reason),
            digest: text(message.digest), architecture: text(message.architecture),
            preset: text(message.preset),
            kernels: text(message.kernels), precision: text(message.precision))
        if let counts = unsafe message.user_states {
            userStates = unsafe ReuseCounts(copying: counts.pointee)
        }
        if let counts = unsafe message.candidate_parts {
            candidateParts = unsafe ReuseCounts(copying: counts.pointee)
        }
    }

    func fill(_ message: inout Dien__V1__VersionStatus, in arena: Arena) {
        unsafe message.version = version
        unsafe message.state = state.cValue
        unsafe message.reason = unsafe arena.copy(reason)
        unsafe message.digest = unsafe arena.copy(digest)
        unsafe message.architecture = unsafe arena.copy(architecture)
        unsafe message.preset = unsafe arena.copy(preset)
        unsafe message.kernels = unsafe arena.copy(kernels)
        unsafe message.precision = unsafe arena.copy(precision)
        if let userStates { unsafe message.user_states = unsafe userStates.build(in: arena) }
        if let candidateParts { unsafe message.candidate_parts = unsafe candidateParts.build(in: arena) }
    }
}

import CMessages

/// What one arm did: `dien.v1.ArmCounters`.
public struct ArmCounters: ProtobufMessage {
    /// Its name.
    public var arm: String
    /// The version that it stands for.
    public var version: UInt64
    /// Digest of the version's manifest.
    public var digest: String
    /// Its part of the enrolled units.
    public var weight: UInt32
    /// Whether it is the control slice.
    public var control: Bool
    /// By bucket.
    public var sums: BucketSums
    /// The units that it was assigned to.
    public var units: UnitSample
    /// Outcomes that are not part of `sums` yet.
    public var open: OpenOutcomes
    /// What the guard has done.
    public var armGuard: ArmGuard
    /// The scores of the impressions in `sums`.
    public var scores: ScoreHistogram

    /// Counters of these parts.
    public init(
        arm: String = "", version: UInt64 = 0, digest: String = "", weight: UInt32 = 0, control: Bool = false,
        sums: BucketSums = BucketSums(), units: UnitSample = UnitSample(),
        open: OpenOutcomes = OpenOutcomes(), armGuard: ArmGuard = ArmGuard(),
        scores: ScoreHistogram = ScoreHistogram()
    ) {
        self.arm = arm
        self.version = version
        self.digest = digest
        self.weight = weight
        self.control = control
        self.sums = sums
        self.units = units
        self.open = open
        self.armGuard = armGuard
        self.scores = scores
    }

    /// Decodes a `dien.v1.ArmCounters`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ArmCounters`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ArmCounters: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__arm_counters__init)

    init(copying message: Dien__V1__ArmCounters) throws(MessageError) {
        unsafe self.init(
            arm: text(message.arm), version: message.version, digest: text(message.digest),
            weight: message.weight, control: message.control != 0)
        sums = try unsafe submessage(message.sums, field: "sums") ?? BucketSums()
        units = try unsafe submessage(message.units, field: "units") ?? UnitSample()
        open = try unsafe submessage(message.open, field: "open") ?? OpenOutcomes()
        armGuard = try unsafe submessage(message.`guard`, field: "guard") ?? ArmGuard()
        scores = try unsafe submessage(message.scores, field: "scores") ?? ScoreHistogram()
    }

    func fill(_ message: inout Dien__V1__ArmCounters, in arena: Arena) {
        unsafe message.arm = unsafe arena.copy(arm)
        unsafe message.version = version
        unsafe message.digest = unsafe arena.copy(digest)
        unsafe message.weight = weight
        unsafe message.control = control ? 1 : 0
        if sums != BucketSums() { unsafe message.sums = unsafe sums.build(in: arena) }
        if units != UnitSample() { unsafe message.units = unsafe units.build(in: arena) }
        if open != OpenOutcomes() { unsafe message.open = unsafe open.build(in: arena) }
        if scores != ScoreHistogram() { unsafe message.scores = unsafe scores.build(in: arena) }
        if armGuard != ArmGuard() { unsafe message.`guard` = unsafe armGuard.build(in: arena) }
    }
}

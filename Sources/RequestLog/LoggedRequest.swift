/// A request that was answered, with its answer: docs/REQUEST_LOG.md, "Kind 1: request".
public struct LoggedRequest: Sendable, Equatable {
    /// When it was answered: milliseconds since 1970-01-01T00:00:00Z.
    public var unixMilliseconds: UInt64
    /// The epoch of the registry's state by which the version was chosen.
    public var epoch: UInt64
    /// The version that answered.
    public var version: UInt64
    /// The server's time for it, from its arrival, in microseconds.
    public var totalMicroseconds: UInt32
    /// The model's part of that.
    public var scoringMicroseconds: UInt32
    /// The model's name.
    public var model: String
    /// Digest of the version's manifest, `sha256:…`.
    public var digest: String
    /// The arm whose version answered.
    public var arm: String
    /// The experiment's arm that the routing key was assigned to; empty outside experiments.
    public var assignedArm: String
    /// The experiment, by its salt; empty where there was none.
    public var experiment: String
    /// The request's id, also where the server made it.
    public var requestID: String
    /// The `dien.v1.RankRequest` as it came.
    public var request: [UInt8]
    /// The probability of each candidate.
    public var scores: [Float]

    /// A request of these parts.
    public init(
        unixMilliseconds: UInt64, epoch: UInt64, version: UInt64, totalMicroseconds: UInt32 = 0,
        scoringMicroseconds: UInt32 = 0, model: String, digest: String, arm: String, assignedArm: String = "",
        experiment: String = "", requestID: String, request: [UInt8], scores: [Float]
    ) {
        self.unixMilliseconds = unixMilliseconds
        self.epoch = epoch
        self.version = version
        self.totalMicroseconds = totalMicroseconds
        self.scoringMicroseconds = scoringMicroseconds
        self.model = model
        self.digest = digest
        self.arm = arm
        self.assignedArm = assignedArm
        self.experiment = experiment
        self.requestID = requestID
        self.request = request
        self.scores = scores
    }

    /// About how much memory it takes.
    var byteCount: Int { 256 + request.count + 4 * scores.count }

    /// Nil where a text is longer than its length can tell.
    var encoded: [UInt8]? {
        var bytes = ByteWriter()
        for number in [unixMilliseconds, epoch, version] { bytes.append(number) }
        for number in [totalMicroseconds, scoringMicroseconds] { bytes.append(number) }
        for text in [model, digest, arm, assignedArm, experiment, requestID] {
            guard bytes.append(text) else { return nil }
        }
        guard let requestCount = UInt32(exactly: request.count),
            let scoreCount = UInt32(exactly: scores.count)
        else { return nil }
        bytes.append(requestCount)
        bytes.append(raw: request)
        bytes.append(scoreCount)
        for score in scores { bytes.append(score.bitPattern) }
        return bytes.bytes
    }

    /// Nil for what is no such record. Bytes behind it belong to later formats.
    init?(_ reader: inout ByteReader) {
        guard let time = reader.number(UInt64.self), let epoch = reader.number(UInt64.self),
            let version = reader.number(UInt64.self), let total = reader.number(UInt32.self),
            let scoring = reader.number(UInt32.self), let model = reader.text(),
            let digest = reader.text(), let arm = reader.text(), let assigned = reader.text(),
            let experiment = reader.text(), let requestID = reader.text(),
            let requestCount = reader.number(UInt32.self), let request = reader.raw(Int(requestCount)),
            let scoreCount = reader.number(UInt32.self), reader.remaining / 4 >= Int(scoreCount)
        else { return nil }
        var scores: [Float] = []
        scores.reserveCapacity(Int(scoreCount))
        for _ in 0..<scoreCount {
            guard let bits = reader.number(UInt32.self) else { return nil }
            let score = Float(bitPattern: bits)
            guard score >= 0, score <= 1 else { return nil }
            scores.append(score)
        }
        self.init(
            unixMilliseconds: time, epoch: epoch, version: version, totalMicroseconds: total,
            scoringMicroseconds: scoring, model: model, digest: digest, arm: arm, assignedArm: assigned,
            experiment: experiment, requestID: requestID, request: request, scores: scores)
    }
}

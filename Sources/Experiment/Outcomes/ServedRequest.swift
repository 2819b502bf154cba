internal import Crypto

/// What a server says of a request that it has answered, signed, so that whoever reports the outcome need not be believed
/// about what was served, and no replica has to remember it.
public struct ServedRequest: Sendable, Equatable {
    /// The epoch of the registry's state that the request was answered by.
    public var epoch: UInt64
    /// When: milliseconds since 1970-01-01T00:00:00Z.
    public var unixMilliseconds: UInt64
    /// A hash of the experiment's salt; 0 outside an experiment.
    public var experiment: UInt64
    /// The version that answered.
    public var version: UInt64
    /// The arm that the unit belongs to, by its place in the split.
    public var arm: UInt8
    /// The unit's bucket, in 0..<1024.
    public var bucket: UInt16
    /// A hash of the request's id.
    public var request: UInt64

    /// What a server says.
    public init(
        epoch: UInt64, unixMilliseconds: UInt64, experiment: UInt64, version: UInt64, arm: UInt8,
        bucket: UInt16,
        request: UInt64
    ) {
        self.epoch = epoch
        self.unixMilliseconds = unixMilliseconds
        self.experiment = experiment
        self.version = version
        self.arm = arm
        self.bucket = bucket
        self.request = request
    }

    /// The first eight bytes of SHA-256, for the hashes above and for buckets.
    public static func hash(_ text: String) -> UInt64 {
        SHA256.hash(data: Array(text.utf8)).leadingUInt64
    }
}

/// Signs and reads what ``ServedRequest`` says: HMAC-SHA-256 (RFC 2104) under a key that the replicas share.
public struct RequestSigner: Sendable {
    private static let format: UInt8 = 1
    private static let bodyCount = 1 + 5 * 8 + 1 + 2
    private static let codeCount = 16
    /// Bytes of a signed request.
    public static let count = bodyCount + codeCount

    private let key: SymmetricKey

    /// A signer under this key. Precondition: 16 bytes or more.
    public init(key: [UInt8]) {
        precondition(key.count >= 16, "a key of 16 bytes or more")
        self.key = SymmetricKey(data: key)
    }

    /// A signer under a key that nobody else has: its requests are known to this process alone.
    public init() { key = SymmetricKey(size: .bits256) }

    /// The request with its code, ``count`` bytes.
    public func sign(_ request: ServedRequest) -> [UInt8] {
        var bytes = [Self.format]
        for value in [
            request.epoch, request.unixMilliseconds, request.experiment, request.version, request.request,
        ] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        bytes += [request.arm, UInt8(request.bucket >> 8), UInt8(truncatingIfNeeded: request.bucket)]
        return bytes + code(bytes)
    }

    /// The request that these bytes say, or nil where they were not signed under this key.
    public func read(_ bytes: [UInt8]) -> ServedRequest? {
        guard bytes.count == Self.count, bytes[0] == Self.format else { return nil }
        let body = Array(bytes[..<Self.bodyCount])
        // Compared without telling where they differ.
        var difference: UInt8 = 0
        for (given, right) in zip(bytes[Self.bodyCount...], code(body)) { difference |= given ^ right }
        guard difference == 0 else { return nil }
        func number(_ index: Int) -> UInt64 {
            body[(1 + 8 * index)..<(9 + 8 * index)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let bucket = UInt16(body[42]) << 8 | UInt16(body[43])
        guard Int(bucket) < ArmCounters.bucketCount else { return nil }
        return ServedRequest(
            epoch: number(0), unixMilliseconds: number(1), experiment: number(2), version: number(3),
            arm: body[41],
            bucket: bucket, request: number(4))
    }

    private func code(_ body: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: body, using: key).prefix(Self.codeCount))
    }
}

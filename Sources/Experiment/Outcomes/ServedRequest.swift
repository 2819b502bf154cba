internal import Crypto

/// What a server says of a request that it has answered, signed, so that whoever reports the outcome need not be believed
/// about what was served, and no replica has to remember it.
public struct ServedRequest: Sendable, Equatable {
    /// The epoch of the registry's state that the request was answered by.
    public var epoch: UInt64
    /// When: milliseconds since 1970-01-01T00:00:00Z.
    public var unixMilliseconds: UInt64
    /// The arm that the unit belongs to: ``ArmIdentity/hash``.
    public var arm: UInt64
    /// The version that this arm stands for.
    public var version: UInt64
    /// The unit's bucket, in 0..<1024.
    public var bucket: UInt16
    /// A hash of the request's id.
    public var request: UInt64
    /// How many candidates it had: outcomes are of their positions.
    public var candidates: UInt32

    /// What a server says.
    public init(
        epoch: UInt64, unixMilliseconds: UInt64, arm: UInt64, version: UInt64, bucket: UInt16,
        request: UInt64, candidates: UInt32
    ) {
        self.epoch = epoch
        self.unixMilliseconds = unixMilliseconds
        self.arm = arm
        self.version = version
        self.bucket = bucket
        self.request = request
        self.candidates = candidates
    }

    /// The first eight bytes of SHA-256, for the hashes above and for buckets.
    public static func hash(_ text: String) -> UInt64 {
        SHA256.hash(data: Array(text.utf8)).leadingUInt64
    }
}

/// Signs and reads what ``ServedRequest`` says: HMAC-SHA-256 (RFC 2104) under a key that the replicas share.
public struct RequestSigner: Sendable {
    private static let format: UInt8 = 1
    private static let bodyCount = 1 + 5 * 8 + 2 + 4
    private static let codeCount = 16
    /// Bytes of a signed request.
    public static let count = bodyCount + codeCount

    /// The key with both its pads taken in, which every code goes on from.
    private let keyed: HMAC<SHA256>

    /// A signer under this key. Precondition: 16 bytes or more.
    public init(key: [UInt8]) {
        precondition(key.count >= 16, "a key of 16 bytes or more")
        keyed = HMAC(key: SymmetricKey(data: key))
    }

    /// A signer under a key that nobody else has: its requests are known to this process alone.
    public init() { keyed = HMAC(key: SymmetricKey(size: .bits256)) }

    /// The request with its code, ``count`` bytes.
    public func sign(_ request: ServedRequest) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.count)
        func append(_ value: some FixedWidthInteger) {
            for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        append(Self.format)
        append(request.epoch)
        append(request.unixMilliseconds)
        append(request.arm)
        append(request.version)
        append(request.request)
        append(request.bucket)
        append(request.candidates)
        bytes += code(bytes)
        return bytes
    }

    /// The request that these bytes say, or nil where they were not signed under this key.
    public func read(_ bytes: [UInt8]) -> ServedRequest? {
        guard bytes.count == Self.count, bytes[0] == Self.format else { return nil }
        let body = Array(bytes[..<Self.bodyCount])
        // Compared without telling where they differ.
        var difference: UInt8 = 0
        for (given, right) in zip(bytes[Self.bodyCount...], code(body)) { difference |= given ^ right }
        guard difference == 0 else { return nil }
        func number<Number: FixedWidthInteger>(at offset: Int) -> Number {
            body[offset..<(offset + Number.bitWidth / 8)].reduce(0) { $0 << 8 | Number($1) }
        }
        let bucket: UInt16 = number(at: 41)
        guard Int(bucket) < ArmCounters.bucketCount else { return nil }
        return ServedRequest(
            epoch: number(at: 1), unixMilliseconds: number(at: 9), arm: number(at: 17),
            version: number(at: 25), bucket: bucket, request: number(at: 33), candidates: number(at: 43))
    }

    /// The request that these bytes name, whoever made them: nil where they are not of the form. For those who look it up in a
    /// log of what was served, which is what tells whether it was.
    public static func requestHash(ofUnverified bytes: [UInt8]) -> UInt64? {
        guard bytes.count == count, bytes[0] == format else { return nil }
        return bytes[33..<41].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func code(_ body: [UInt8]) -> [UInt8] {
        var code = keyed
        code.update(data: body)
        return Array(code.finalize().prefix(Self.codeCount))
    }
}

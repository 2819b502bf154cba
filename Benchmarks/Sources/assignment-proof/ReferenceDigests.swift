import Crypto
import Experiment
import Foundation

/// What `scripts/generate-assignment-vectors` found for the first million counted ids.
struct ReferenceDigests {
    static let idCount = 1_000_000

    private let salt: String
    private let weights: [Int]
    private let coverage: Int
    private let layer: String
    private let found: [String: Any]

    struct Malformed: Error {}

    init(json: Data) throws {
        guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any],
            let salt = object["salt"] as? String, let weights = object["weights"] as? [Int],
            let coverage = object["coverage"] as? Int, let layer = object["layer"] as? String,
            let counts = object["counts"] as? [String: Any],
            let found = counts["\(Self.idCount)"] as? [String: Any]
        else { throw Malformed() }
        self.salt = salt
        self.weights = weights
        self.coverage = coverage
        self.layer = layer
        self.found = found
    }

    /// Id `number`, as the generator spells it.
    static func id(_ number: Int) -> String {
        switch number % 3 {
        case 0: return String(number)
        case 1: return "user-\(number)"
        default:
            let digits = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    /// Whether all positions, bit for bit, and all arms are those of the reference code.
    func check(_ algorithm: AssignmentAlgorithm) throws -> Bool {
        let split = try TrafficSplit(
            salt: salt, algorithm: algorithm,
            arms: weights.enumerated().map { .init(name: "arm-\($0.offset)", weight: $0.element) },
            coverage: coverage)
        var positions: [UInt8] = []
        var arms: [UInt8] = []
        for number in 0..<Self.idCount {
            let unit = Self.id(number)
            Self.append(split.hash.position(of: unit).bitPattern, to: &positions)
            arms.append(
                split.assignment(of: unit).arm.map { UInt8(ascii: "0") + UInt8($0) } ?? UInt8(ascii: "-"))
        }
        let expected = found[algorithm.rawValue] as? [String: String]
        let same = expected?["positions"] == Self.digest(positions) && expected?["arms"] == Self.digest(arms)
        return report(
            algorithm, "\(Self.idCount) ids", "positions and arms against the reference code's digests", same)
    }

    /// Whether all segments of the layer are those of the reference code.
    func checkSegments() -> Bool {
        let slice = LayerSlice(layer: layer, segments: 0..<1)
        var segments: [UInt8] = []
        for number in 0..<Self.idCount {
            Self.append(UInt32(slice.segment(of: Self.id(number))), to: &segments)
        }
        let same = found["segments"] as? String == Self.digest(segments)
        return report(nil, "\(Self.idCount) ids", "segments against the reference code's digest", same)
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }
}

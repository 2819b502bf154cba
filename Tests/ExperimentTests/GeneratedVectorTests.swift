import Crypto
import Experiment
import Foundation
import Testing

/// Judges every algorithm by `scripts/generate-assignment-vectors`, a program that shares no code with this one.
@Suite struct GeneratedVectorTests {
    private static func vectorFile(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.url(forResource: "Vectors/" + name, withExtension: nil))
        return try Data(contentsOf: url)
    }

    @Test func `positions and segments of 2,000 ids of every length equal the reference code's`() throws {
        let text = String(decoding: try Self.vectorFile("vectors.tsv"), as: UTF8.self)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        let algorithms = try #require(lines.first).dropFirst(3).map { AssignmentAlgorithm(rawValue: $0) }
        #expect(Set(algorithms) == Set(AssignmentAlgorithm.allCases))
        #expect(lines.count == 2_001)
        let layer = LayerSlice(layer: "home", segments: 0..<1)
        for line in lines.dropFirst() {
            #expect(layer.segment(of: line[1]) == Int(line[2]), "segment of '\(line[1])'")
            for (algorithm, expected) in zip(algorithms, line.dropFirst(3)) {
                let algorithm = try #require(algorithm)
                let found = UnitHash(algorithm, salt: line[0]).position(of: line[1])
                #expect(found == Double(expected), "\(algorithm.rawValue), '\(line[0])', '\(line[1])'")
            }
        }
    }

    private struct Digests: Decodable {
        let salt: String
        let weights: [Int]
        let coverage: Int
        let counts: [String: Counted]

        struct Counted: Decodable {
            let algorithms: [String: [String: String]]

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                algorithms = try container.allKeys.filter { $0.stringValue != "segments" }.reduce(into: [:]) {
                    $0[$1.stringValue] = try container.decode([String: String].self, forKey: $1)
                }
            }
        }

        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    /// `scripts/prove-assignment` does the same with a million ids.
    @Test(arguments: AssignmentAlgorithm.allCases)
    func `positions and arms of the first 20,000 counted ids equal the reference code's`(
        _ algorithm: AssignmentAlgorithm
    ) throws {
        let digests = try JSONDecoder().decode(Digests.self, from: Self.vectorFile("digests.json"))
        let split = try TrafficSplit(
            salt: digests.salt, algorithm: algorithm,
            arms: digests.weights.enumerated().map { .init(name: "arm-\($0.offset)", weight: $0.element) },
            coverage: digests.coverage)
        var positions: [UInt8] = []
        var arms: [UInt8] = []
        for number in 0..<20_000 {
            let unit = countedID(number)
            let bits = split.hash.position(of: unit).bitPattern
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                positions.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
            let arm = split.assignment(of: unit).arm
            arms.append(arm.map { UInt8(ascii: "0") + UInt8($0) } ?? UInt8(ascii: "-"))
        }
        let expected = try #require(digests.counts["20000"]?.algorithms[algorithm.rawValue])
        #expect(hexadecimal(SHA256.hash(data: positions)) == expected["positions"])
        #expect(hexadecimal(SHA256.hash(data: arms)) == expected["arms"])
    }

    /// Id `number` of the digests, as the generator spells it.
    private func countedID(_ number: Int) -> String {
        switch number % 3 {
        case 0: return String(number)
        case 1: return "user-\(number)"
        default:
            let digits = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    private func hexadecimal(_ digest: SHA256.Digest) -> String {
        digest.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }
}

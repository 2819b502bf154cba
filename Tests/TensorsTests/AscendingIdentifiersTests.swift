import Tensors
import TestSupport
import Testing

/// Searching identifiers side by side, judged by looking at every element.
struct AscendingIdentifiersTests {
    /// A tensor whose elements begin `shift` bytes after an aligned address.
    private func tensor(_ values: [UInt64], shift: Int) throws -> MappedTensor<UInt64> {
        let bytes = values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var header = #"{"t":{"dtype":"U64","shape":[\#(values.count)],"data_offsets":[0,\#(bytes.count)]}}"#
        while (header.utf8.count + 8) % 8 != shift { header += " " }
        return try parse(safetensors(header, data: bytes)).tensor("t", shape: [nil])
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 15, 16, 17, 100, 1000])
    func `every value is found where it stands, and no other`(count: Int) throws {
        var generator = SplitMix64.printed("search of \(count)")
        let spread = UInt64.random(in: 1...50, using: &generator)
        let known = Set(
            (0..<count).map { _ in UInt64.random(in: 0...UInt64(count) * spread, using: &generator) }
        )
        .union(count > 5 ? [0, .max] : []).sorted()
        let identifiers = AscendingIdentifiers(
            try tensor(known, shift: Int.random(in: 0..<8, using: &generator)))
        for length in [0, 1, 15, 16, 17, 200] {
            let wanted =
                (0..<length).map { _ in
                    Bool.random(using: &generator)
                        ? known.randomElement(using: &generator) ?? 3
                        : .random(in: .min ... .max, using: &generator)
                } + [0, .max, 1]
            let expected = wanted.map { known.firstIndex(of: $0) ?? -1 }
            #expect(identifiers.positions(of: wanted[...]) == expected)
            #expect(identifiers.positions(of: wanted.dropFirst(2)) == Array(expected.dropFirst(2)))
        }
    }

    /// How identifiers are given out: numbered, with gaps, hashed, by the time, in a few crowds, at the ends.
    static let manners: [@Sendable (UInt64, inout SplitMix64) -> UInt64] = [
        { n, _ in 1_000_000 + n },
        { n, random in 10 * n + .random(in: 0..<10, using: &random) },
        { _, random in .random(in: .min ... .max, using: &random) },
        { n, _ in 1 << (n % 64) | n },
        { n, random in (n % 3) << 62 | .random(in: 0..<5_000, using: &random) },
        { n, _ in n % 2 == 0 ? n : .max - n },
    ]

    @Test(arguments: manners.indices, [1, 2, 3, 500, 5_000])
    func `however identifiers are given out each is found, and neither neighbour`(
        manner: Int, count: Int
    ) throws {
        var random = SplitMix64.printed("manner \(manner)")
        let known = Set((0..<UInt64(count)).map { Self.manners[manner]($0, &random) }).sorted()
        let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
        let wanted = (known + known.map { $0 &+ 1 } + known.map { $0 &- 1 }).shuffled(using: &random)
        let identifiers = AscendingIdentifiers(try tensor(known, shift: manner))
        #expect(identifiers.count == known.count)
        #expect(identifiers.positions(of: wanted[...]) == wanted.map { places[$0] ?? -1 })
    }

    @Test func `what does not ascend, as a lost page, is searched without end or harm`() throws {
        var random = SplitMix64.printed("lost pages")
        for _ in 0..<50 {
            var values = (0..<600).map { UInt64($0) * 7 + 5 }
            let lost = Int.random(in: 0..<600, using: &random)
            for index in lost..<min(lost + 200, 600) { values[index] = 0 }
            let identifiers = AscendingIdentifiers(try tensor(values, shift: 0))
            let wanted = (0..<200).map { _ in UInt64.random(in: 0...5_000, using: &random) }
            for (value, position) in zip(wanted, identifiers.positions(of: wanted[...])) {
                #expect(position == -1 || values[position] == value)
            }
        }
    }
}

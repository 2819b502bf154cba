/// How many units an arm has seen: all that a ``UnitSample`` says without naming one, so that it may be kept for good.
public struct UnitCensus: Sendable, Equatable, Codable {
    /// The level of the sample; see ``UnitSample/level``.
    public let level: Int
    /// Units in the sample at this level, at the next one, and so on, as long as there are any.
    public let counts: [Int]

    /// What a sample says.
    public init(_ sample: UnitSample) {
        level = sample.level
        var counts: [Int] = []
        while counts.count <= 64, case let count = sample.count(atLevel: sample.level + counts.count),
            count > 0
        {
            counts.append(count)
        }
        self.counts = counts
    }

    /// Units in a sample of this level; see ``UnitSample/count(atLevel:)``.
    public func count(atLevel level: Int) -> Int {
        let place = max(0, level - self.level)
        return place < counts.count ? counts[place] : 0
    }

    /// An estimate of all units seen.
    public var estimatedUnits: Double {
        Double(counts.first ?? 0) * Double(sign: .plus, exponent: level, significand: 1)
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case counts, level
    }

    /// Decodes what a sample can say: levels from 0 to 64, counts that fall.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        level = try container.decode(Int.self, forKey: .level)
        counts = try container.decode([Int].self, forKey: .counts)
        guard (0...64).contains(level), counts.count <= 65, counts.allSatisfy({ (1...1 << 30).contains($0) }),
            zip(counts, counts.dropFirst()).allSatisfy({ $0 >= $1 })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: container, debugDescription: "no sample of units has these counts")
        }
    }
}

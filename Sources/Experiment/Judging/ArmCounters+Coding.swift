extension ArmCounters: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        static let scores = Key(stringValue: "scores")

        init(_ quantity: Quantity) { stringValue = "\(quantity)" }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Decodes ``bucketCount`` finite sums for each quantity that is there; the others are 0 in every bucket;
    /// and the scores.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: Key.self)
        let known = Set(Quantity.allCases.map { Key($0).stringValue } + [Key.scores.stringValue])
        for key in container.allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "unknown quantity '\(key.stringValue)'")
        }
        scores = try container.decodeIfPresent(ScoreHistogram.self, forKey: .scores) ?? ScoreHistogram()
        for quantity in Quantity.allCases {
            let key = Key(quantity)
            guard let sums = try container.decodeIfPresent([Double].self, forKey: key) else { continue }
            guard sums.count == Self.bucketCount, sums.allSatisfy(\.isFinite) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\(sums.count) sums instead of \(Self.bucketCount) finite ones")
            }
            for (bucket, sum) in sums.enumerated() where sum != 0 { add(sum, to: quantity, bucket: bucket) }
        }
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// Why no server counts like this; nil: it may have. Counts are not negative, and none is so large that a sum of a
    /// thousand servers' would be no whole number any more.
    public var fault: String? {
        for quantity in Quantity.allCases {
            let isSigned = [.revenue, .cost, .logLoss].contains(quantity)
            let range = isSigned ? -1e18...1e18 : 0...1e12
            if !self[quantity].allSatisfy(range.contains) {
                return "its \(quantity) are no sums of what happened"
            }
        }
        return nil
    }

    /// Encodes the sums of each quantity that is not 0 in every bucket, in the order of the buckets; and the scores, if any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for quantity in Quantity.allCases {
            let sums = self[quantity]
            if sums.contains(where: { $0 != 0 }) { try container.encode(sums, forKey: Key(quantity)) }
        }
        if scores != ScoreHistogram() { try container.encode(scores, forKey: .scores) }
    }
}

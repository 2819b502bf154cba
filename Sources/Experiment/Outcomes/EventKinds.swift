/// What can be told of an item, each once.
public struct EventKinds: OptionSet, Sendable, Hashable {
    /// One bit for each.
    public let rawValue: UInt8

    /// Of these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It was shown.
    public static let impression = EventKinds(rawValue: 1)
    /// It was clicked.
    public static let click = EventKinds(rawValue: 2)
    /// The click led to what was hoped for.
    public static let conversion = EventKinds(rawValue: 4)
    /// It brought something.
    public static let revenue = EventKinds(rawValue: 8)
    /// It cost something.
    public static let cost = EventKinds(rawValue: 16)

    /// How many.
    public var count: Int { rawValue.nonzeroBitCount }
}

extension Outcome {
    /// The largest revenue or cost of one item that is believed: sums of them stay finite.
    public static let maximumAmount = 1e12

    /// What this tells.
    public var kinds: EventKinds {
        var kinds: EventKinds = []
        if isImpression { kinds.insert(.impression) }
        if isClick { kinds.insert(.click) }
        if isConversion { kinds.insert(.conversion) }
        if revenue != 0 { kinds.insert(.revenue) }
        if cost != 0 { kinds.insert(.cost) }
        return kinds
    }

    /// The part of it that is of these kinds.
    public func limited(to kinds: EventKinds) -> Outcome {
        Outcome(
            probability: probability, isImpression: isImpression && kinds.contains(.impression),
            isClick: isClick && kinds.contains(.click),
            isConversion: isConversion && kinds.contains(.conversion),
            revenue: kinds.contains(.revenue) ? revenue : 0, cost: kinds.contains(.cost) ? cost : 0)
    }

    /// Whether it can be: the probability is one, revenue and cost are amounts.
    public var isPossible: Bool {
        probability >= 0 && probability <= 1 && abs(revenue) <= Self.maximumAmount
            && abs(cost) <= Self.maximumAmount
    }
}

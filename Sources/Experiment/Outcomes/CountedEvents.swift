/// Which events were counted, so that none is counted twice while its attribution window is open; later it is late anyway.
/// Bounded: when it is full, nothing new is taken, rather than something counted twice.
public struct CountedEvents: Sendable {
    /// Items that it remembers at most; one takes some 25 bytes.
    public let capacity: Int
    /// Items that it remembers.
    public private(set) var count = 0
    private let window: AttributionWindow.Slices
    private var slices: [UInt64: [UInt64: EventKinds]] = [:]

    /// Remembers nothing yet. Preconditions: the window has at least 8 ms, there is room for an item.
    public init(windowMilliseconds: UInt64, capacity: Int) {
        precondition(capacity > 0, "room for an item")
        window = AttributionWindow.Slices(windowMilliseconds: windowMilliseconds)
        self.capacity = capacity
    }

    /// Remembers events of one item of a request served at `served`, by a hash of its id.
    ///
    /// - Returns: those that are new; nil where there is no room, and nothing was remembered.
    public mutating func add(
        _ kinds: EventKinds, request: UInt64, position: UInt32, served: UInt64, now: UInt64
    ) -> EventKinds? {
        forget(now: now)
        let slice = window.slice(of: served)
        let item = Self.mixed(request ^ Self.mixed(UInt64(position) &+ served))
        let known = slices[slice]?[item]
        guard known != nil || count < capacity else { return nil }
        if known == nil { count += 1 }
        slices[slice, default: [:]][item] = (known ?? []).union(kinds)
        return kinds.subtracting(known ?? [])
    }

    private mutating func forget(now: UInt64) {
        for (slice, items) in slices where window.isClosed(slice, now: now) {
            count -= items.count
            slices[slice] = nil
        }
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): positions of one request differ in every bit.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

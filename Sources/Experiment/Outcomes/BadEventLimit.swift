/// Lets one bad event of a unit count in a minute: tests of counts are exact for independent events alone, and one unit that is
/// stuck would sound an alarm by itself.
public struct BadEventLimit: Sendable {
    /// Units of one minute that are told apart; what more there are does not count. The alarm has sounded long before.
    public let capacity: Int
    private var minute: UInt64 = 0
    private var units: Set<UInt64> = []

    /// Nothing has happened yet. Precondition: room for a unit.
    public init(capacity: Int = 16_384) {
        precondition(capacity > 0, "room for a unit")
        self.capacity = capacity
    }

    /// Whether a bad event of the unit with this hash counts, at this time.
    public mutating func admits(_ unit: UInt64, unixMilliseconds: UInt64) -> Bool {
        let minute = unixMilliseconds / 60_000
        if minute != self.minute {
            self.minute = minute
            units.removeAll(keepingCapacity: units.count < 1024)
        }
        guard units.count < capacity else { return false }
        return units.insert(unit).inserted
    }
}

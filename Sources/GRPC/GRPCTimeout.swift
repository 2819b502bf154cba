/// The value of a `grpc-timeout` field: one to eight digits and a unit, such as `250m`.
public struct GRPCTimeout: Sendable, Hashable {
    /// How long the call may take, seen from the moment the request is received.
    public let duration: Duration

    /// A timeout of this length. Below zero it counts as zero: expired from the start.
    public init(_ duration: Duration) {
        self.duration = max(duration, .zero)
    }

    /// Parses a field value. Nil unless it is 1 to 8 ASCII digits followed by one of `H M S m u n`.
    public init?(wireValue: String) {
        let bytes = wireValue.utf8
        guard (2...9).contains(bytes.count), let last = bytes.last, let unit = Unit(rawValue: last) else {
            return nil
        }
        var count: Int64 = 0
        for byte in bytes.dropLast() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            count = count * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        self.init(unit.duration(of: count))
    }

    /// The field value: the finest unit that needs at most eight digits, rounded up, so that the peer never
    /// gives up before the caller does. More than 99,999,999 hours is written as that.
    public var wireValue: String {
        for unit in Unit.allCases {
            let count = duration.divided(roundingUpBy: unit.duration)
            if count <= 99_999_999 { return "\(count)\(Character(UnicodeScalar(unit.rawValue)))" }
        }
        return "99999999H"
    }

    /// Finest first: the order in which `wireValue` tries them.
    private enum Unit: UInt8, CaseIterable {
        case nanoseconds = 0x6E
        case microseconds = 0x75
        case milliseconds = 0x6D
        case seconds = 0x53
        case minutes = 0x4D
        case hours = 0x48

        /// Of at most eight digits. Every call comes with one, and products of durations are of 128 bits.
        func duration(of count: Int64) -> Duration {
            let (seconds, nanoseconds): (Int64, Int64) =
                switch self {
                case .nanoseconds: (0, count)
                case .microseconds: (count / 1_000_000, count % 1_000_000 * 1_000)
                case .milliseconds: (count / 1_000, count % 1_000 * 1_000_000)
                case .seconds: (count, 0)
                case .minutes: (count * 60, 0)
                case .hours: (count * 3600, 0)
                }
            return Duration(
                secondsComponent: seconds, attosecondsComponent: nanoseconds * 1_000_000_000)
        }

        var duration: Duration {
            switch self {
            case .nanoseconds: .nanoseconds(1)
            case .microseconds: .microseconds(1)
            case .milliseconds: .milliseconds(1)
            case .seconds: .seconds(1)
            case .minutes: .seconds(60)
            case .hours: .seconds(3600)
            }
        }
    }
}

extension Duration {
    /// How many whole `unit`s cover this duration. `Int.max` when the quotient is out of reach.
    fileprivate func divided(roundingUpBy unit: Duration) -> Int {
        let quotient = self / unit
        guard quotient < 1e15 else { return Int.max }
        var count = Int(quotient)
        // The quotient is a Double: exact to the unit after one step at most in either direction.
        while unit * count < self { count += 1 }
        while count > 0, unit * (count - 1) >= self { count -= 1 }
        return count
    }
}

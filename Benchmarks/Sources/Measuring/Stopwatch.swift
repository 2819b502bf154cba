/// Times of single calls, in milliseconds, ascending.
public struct Timing: Sendable {
    /// One a call, the shortest first.
    public var milliseconds: [Double]

    /// The middle one.
    public var median: Double { milliseconds[milliseconds.count / 2] }
    /// What 99 of 100 calls stay below.
    public var p99: Double { milliseconds[milliseconds.count * 99 / 100] }
}

/// Times calls one by one, after a quarter of the time as warm-up.
public enum Stopwatch {
    /// Calls for `seconds` after the warm-up, and at least so many times.
    public static func measure(
        seconds: Double, atLeast: Int, _ call: () throws -> Void
    ) rethrows -> Timing {
        let clock = ContinuousClock()
        let warm = clock.now + .seconds(seconds / 4)
        repeat { try call() } while clock.now < warm
        let end = clock.now + .seconds(seconds)
        var times: [Double] = []
        while clock.now < end || times.count < atLeast {
            times.append(try milliseconds(call))
        }
        return Timing(milliseconds: times.sorted())
    }

    /// The milliseconds of one call.
    public static func milliseconds(_ call: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(call) / .milliseconds(1)
    }
}

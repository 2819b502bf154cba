import GRPC
import TestSupport
import Testing

struct GRPCTimeoutTests {
    @Test(arguments: [
        ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
        ("250m", .milliseconds(250)),
        ("7u", .microseconds(7)), ("99999999n", .nanoseconds(99_999_999)), ("0m", .zero),
        ("00000001S", .seconds(1)),
        ("99999999H", .seconds(359_999_996_400)),
    ])
    func `every unit is understood`(text: String, duration: Duration) {
        #expect(GRPCTimeout(wireValue: text)?.duration == duration)
    }

    @Test(arguments: ["", "m", "1", "100000000n", "-1S", "+1S", "1.5S", "1h", "1s", "1 S", "S1", "1SS", "٣S"])
    func `anything else is refused`(text: String) {
        #expect(GRPCTimeout(wireValue: text) == nil)
    }

    @Test(arguments: [
        (Duration.zero, "0n"), (.nanoseconds(-5), "0n"), (.nanoseconds(99_999_999), "99999999n"),
        (.milliseconds(100), "100000u"), (.nanoseconds(100_000_001), "100001u"), (.seconds(100), "100000m"),
        (.seconds(3600 * 100), "360000S"), (.seconds(1e18), "99999999H"),
    ])
    func `the finest unit of eight digits is written, rounded up`(duration: Duration, text: String) {
        #expect(GRPCTimeout(duration).wireValue == text)
    }

    @Test func `what is written is read back no shorter`() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let magnitude = Int64.random(in: 0...60, using: &random)
            let duration = Duration.nanoseconds(Int64.random(in: 0...(1 << magnitude), using: &random))
            let back = GRPCTimeout(wireValue: GRPCTimeout(duration).wireValue)?.duration ?? .zero
            #expect(back >= duration && back <= duration * 1.001 + .nanoseconds(1))
        }
    }
}

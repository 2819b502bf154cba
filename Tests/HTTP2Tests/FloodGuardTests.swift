import HTTP2
import NIOCore
import Testing

struct FloodGuardTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func `a bucket refills over its period`() {
        var limits = FloodLimits()
        limits.resetsReceived = .init(10, per: .seconds(10))
        var guardian = FloodGuard(limits: limits)
        let burst = (0..<11).map { _ in guardian.record(.resetsReceived, at: start) }
        #expect(burst == Array(repeating: false, count: 10) + [true])
        let later = guardian.record(.resetsReceived, at: start + .milliseconds(1500))
        let tooSoon = guardian.record(.resetsReceived, at: start + .milliseconds(1600))
        #expect(!later && tooSoon)
    }

    @Test func `answered streams earn resets, never more than the bucket holds`() {
        var limits = FloodLimits()
        limits.resetsReceived = .init(2, per: .hours(1))
        var guardian = FloodGuard(limits: limits)
        for _ in 0..<5 { guardian.recordAnsweredStream() }
        let first = (0..<3).map { _ in guardian.record(.resetsReceived, at: start) }
        #expect(first == [false, false, true])
        guardian.recordAnsweredStream()
        let earned = guardian.record(.resetsReceived, at: start)
        #expect(!earned)
    }

    @Test func `messages earn control frames`() {
        var limits = FloodLimits()
        limits.controlFrames = 5
        limits.controlFramesPerMessageFrame = 2
        limits.uncreditedControlFrames = .init(1, per: .hours(1))
        var guardian = FloodGuard(limits: limits)
        let free = (0..<7).map { _ in guardian.record(.controlFrames, at: start) }
        #expect(free == Array(repeating: false, count: 6) + [true])
    }

    @Test func `content breaks a run of empty DATA frames`() {
        var guardian = FloodGuard(limits: FloodLimits())
        for _ in 0..<10 {
            let over = (0..<9).map { _ in guardian.record(.emptyData, at: start) }
            #expect(!over.contains(true))
            guardian.recordMessageFrame(received: true)
        }
    }
}

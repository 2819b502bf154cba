import GRPC
import NIOCore
import Testing

/// The pure parts that decide by the clock.
struct TimeRulesTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func timeouts(_ configure: (inout ServerConfiguration) -> Void = { _ in }) -> ConnectionTimeouts {
        var configuration = ServerConfiguration()
        configure(&configuration)
        return ConnectionTimeouts(configuration: configuration, now: start, jitter: 1)
    }

    private let calm = ConnectionTimeouts.Facts(headerBlockSince: nil, hasCalls: true, unwritableSince: nil)

    private func isClose(_ verdict: ConnectionTimeouts.Verdict?) -> Bool {
        if case .close = verdict { true } else { false }
    }

    @Test func `SETTINGS and their acknowledgement are due in ten seconds`() {
        var timeouts = timeouts()
        timeouts.receivedSettings()
        let early = timeouts.check(calm, at: start + .seconds(9))
        let late = timeouts.check(calm, at: start + .seconds(10))
        #expect(early == nil && isClose(late))
        timeouts.receivedAcknowledgement()
        let done = timeouts.check(calm, at: start + .seconds(11))
        #expect(done == nil)
    }

    @Test func `an unfinished header block and an unread answer close the connection`() {
        var timeouts = timeouts()
        timeouts.receivedSettings()
        timeouts.receivedAcknowledgement()
        var facts = calm
        facts.headerBlockSince = start + .seconds(1)
        let headersEarly = timeouts.check(facts, at: start + .seconds(10))
        let headersLate = timeouts.check(facts, at: start + .seconds(11))
        #expect(headersEarly == nil && isClose(headersLate))
        facts = calm
        facts.unwritableSince = start
        let sendEarly = timeouts.check(facts, at: start + .seconds(29))
        let sendLate = timeouts.check(facts, at: start + .seconds(30))
        #expect(sendEarly == nil && isClose(sendLate))
    }

    @Test func `a silent client is asked for a sign of life once, and closed without it`() {
        var timeouts = timeouts()
        timeouts.receivedSettings()
        timeouts.receivedAcknowledgement()
        let ping = timeouts.check(calm, at: start + .hours(2))
        let waiting = timeouts.check(calm, at: start + .hours(2) + .seconds(19))
        let dead = timeouts.check(calm, at: start + .hours(2) + .seconds(20))
        #expect(ping == .ping && waiting == nil && isClose(dead))
        timeouts.received(at: start + .hours(2) + .seconds(21))
        let alive = timeouts.check(calm, at: start + .hours(3))
        #expect(alive == nil)
    }

    @Test func `idle and old connections are drained`() {
        var timeouts = timeouts { $0.maxConnectionAge = .hours(1) }
        timeouts.receivedSettings()
        timeouts.receivedAcknowledgement()
        var idle = calm
        idle.hasCalls = false
        let busy = timeouts.check(calm, at: start + .minutes(20))
        let still = timeouts.check(idle, at: start + .minutes(31))
        #expect(busy == nil && still == nil)
        let drained = timeouts.check(idle, at: start + .minutes(61))
        #expect(drained == .drain("max_idle"))
        let young = timeouts.check(calm, at: start + .minutes(65))
        let old = timeouts.check(calm, at: start + .minutes(66))
        #expect(young == nil && old == .drain("max_age"))
    }

    @Test func `three PINGs in a row are too many, unless something was sent between`() {
        var strikes = PingStrikes(configuration: ServerConfiguration())
        let calmly = (0..<10).map { index in
            strikes.receivedPing(
                at: start + .seconds(Int64(index)), framesSent: UInt64(index), hasCalls: true)
        }
        #expect(!calmly.contains(true))
        let hasty = (10..<14).map { index in
            strikes.receivedPing(at: start + .seconds(Int64(index)), framesSent: 99, hasCalls: true)
        }
        #expect(hasty == [false, false, false, true])
    }

    @Test func `PINGs five minutes apart are fine with calls, and two hours apart without`() {
        var strikes = PingStrikes(configuration: ServerConfiguration())
        let spaced = (0..<10).map { index in
            strikes.receivedPing(at: start + .minutes(Int64(5 * index)), framesSent: 0, hasCalls: true)
        }
        #expect(!spaced.contains(true))
        var idle = PingStrikes(configuration: ServerConfiguration())
        let impatient = (0..<4).map { index in
            idle.receivedPing(at: start + .minutes(Int64(60 * index)), framesSent: 0, hasCalls: false)
        }
        #expect(impatient == [false, false, false, true])
    }
}

import Files
import Foundation
import Testing

@Suite struct HostTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.007Z"), (951_782_399, "2000-02-28T23:59:59.007Z"),
        (951_782_400, "2000-02-29T00:00:00.007Z"), (1_709_251_199, "2024-02-29T23:59:59.007Z"),
        (4_107_542_400, "2100-03-01T00:00:00.007Z"), (253_402_300_799, "9999-12-31T23:59:59.007Z"),
    ]) func `seconds become the date that date(1) prints`(_ seconds: Int, _ text: String) {
        #expect(WallClock.rfc3339(seconds: seconds, milliseconds: 7) == text)
    }

    @Test func `every day of eight centuries has Foundation's date`() {
        let formatter = ISO8601DateFormatter()
        for day in stride(from: 0, to: 292_194, by: 1) {
            let theirs = formatter.string(from: Date(timeIntervalSince1970: Double(day) * 86_400))
            let ours = WallClock.rfc3339(seconds: day * 86_400, milliseconds: 0)
            if ours.prefix(10) != theirs.prefix(10) {
                Issue.record("\(ours) is \(theirs)")
                return
            }
        }
    }

    @Test func `the present is within a second of Foundation's`() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions.insert(.withFractionalSeconds)
        let now = try #require(formatter.date(from: WallClock.now()))
        #expect(abs(now.timeIntervalSinceNow) < 1)
    }

    @Test func `user, host and process are the system's`() {
        #expect(Host.userName == NSUserName())
        #expect(Host.processID == ProcessInfo.processInfo.processIdentifier)
        #expect(!Host.name.isEmpty)
    }

    @Test func `lowering a thread leaves the others as they were`() async {
        @Sendable func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let before = niceness()
        let inside: Int32 = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                ThreadPriority.lowerCurrentThread(to: 19)
                continuation.resume(returning: niceness())
            }
        }
        #expect(inside == 19)
        #expect(before < 19)
    }
}

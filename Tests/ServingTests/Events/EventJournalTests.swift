import Foundation
import Logging
import Testing

@testable import Serving

@Suite struct EventJournalTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    @Test func `a promote is told as the epoch, then the versions that changed`() throws {
        let first = try Fixture.advance(.empty, to: Fixture.state(epoch: 1, aliases: ["champion": 1]))
        let second = try Fixture.advance(first, to: Fixture.state(epoch: 2, aliases: ["champion": 2]))
        let events = second.events(since: first)
        #expect(events.map(\.kind) == [.epochFollowed, .versionState, .versionState])
        #expect(events.map(\.version) == [0, 1, 2])
        #expect(events.dropFirst().map { "\($0.from)>\($0.to)" } == ["active>ready", "not_loaded>active"])
        #expect(events.allSatisfy { $0.epoch == 2 && !$0.isFailure })
        #expect(second.events(since: second).isEmpty)
    }

    @Test func `a refused version is a failure with its reason`() throws {
        let first = try Fixture.advance(.empty, to: Fixture.state(epoch: 1, aliases: ["champion": 1]))
        let second = try Fixture.advance(
            first, to: Fixture.state(epoch: 2, aliases: ["champion": 3]), refusing: [3])
        let event = try #require(second.events(since: first).first { $0.version == 3 })
        #expect(event.to == "refused" && event.reason == "digest" && event.isFailure)
    }

    @Test func `the journal keeps the last events, each a JSON object in one line`() throws {
        let journal = EventJournal(logger: logger)
        for epoch in 1...300 as ClosedRange<UInt64> {
            journal.record(
                ServingEvent(kind: .epochUnreadable, epoch: epoch, reason: "a \"b\" \\ \n\u{1} é"))
        }
        let lines = journal.jsonLines.split(separator: "\n")
        #expect(lines.count == EventJournal.capacity)
        let last = try #require(lines.last)
        let object = try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
        #expect(object["epoch"] as? Int == 300)
        #expect(object["event"] as? String == "epoch_unreadable")
        #expect(object["reason"] as? String == "a \"b\" \\ \n\u{1} é")
        #expect(object["version"] == nil)
    }
}

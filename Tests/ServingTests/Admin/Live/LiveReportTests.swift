import Experiment
import Foundation
import Logging
import Testing

@testable import GRPC
@testable import Serving

@Suite struct LiveReportTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func source(_ table: ServingTable, _ journal: EventJournal? = nil) -> LiveSource {
        let metrics = ServingMetrics()
        let current = CurrentTable()
        current.replace(with: table)
        return LiveSource(
            table: current, metrics: metrics, health: HealthService(services: []),
            journal: journal ?? EventJournal(logger: logger), ledger: ExperimentLedger(),
            report: {
                MetricsReport(
                    table: current.snapshot, metrics: metrics, calls: [], connections: 2,
                    scheduling: .init(threads: 1, waiting: 0, batches: 0, batched: 0, cut: 0, refused: 0),
                    feedback: .init(), feedbackItems: 0, process: nil, nowNanoseconds: 1,
                    serverVersion: "test")
            })
    }

    @Test func `a server with nothing to tell tells so in JSON`() throws {
        let board = LiveBoard(source(.empty))
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(board.json.utf8)) as? [String: Any])
        let server = try #require(object["server"] as? [String: Any])
        #expect(server["epoch"] as? Int == 0 && server["is_ready"] as? Bool == false)
        #expect((object["models"] as? [Any])?.isEmpty == true)
    }

    @Test func `states, aliases and arms are those of the table`() throws {
        let first = try Fixture.advance(.empty, to: Fixture.state(epoch: 1, aliases: ["champion": 1]))
        let table = try Fixture.advance(
            first, to: Fixture.state(epoch: 2, aliases: ["champion": 3, "challenger": 2]), refusing: [3])
        let report = LiveReport(source(table).reading, LiveHistory(), LiveJudging())
        let model = try #require(report.models.first)
        #expect(model.versions.map(\.number) == [4, 3, 2, 1])
        #expect(model.versions.map(\.state) == ["not_loaded", "refused", "active", "active"])
        #expect(model.versions.map(\.answers) == [[], [], ["challenger"], ["champion"]])
        #expect(model.versions[1].reason == "digest")
        #expect(model.aliases.map(\.version) == [2, 3] && model.aliases.map(\.servingVersion) == [2, 1])
    }

    @Test func `of a thousand versions it tells the loaded ones and the newest`() throws {
        let loaded = try Fixture.servable("sports", 7)
        let statuses = Dictionary(
            uniqueKeysWithValues: (1...1000 as ClosedRange<UInt64>).map { number in
                (
                    number,
                    ServableStatus(
                        manifest: loaded.manifest, state: number == 7 ? .ready(loaded) : .notLoaded)
                )
            })
        let model = ServedModel(aliases: [:], versions: statuses, split: nil)
        let models = Dictionary(uniqueKeysWithValues: (0..<100).map { ("model\($0)", model) })
        let report = LiveReport(
            source(ServingTable(epoch: 1, models: models)).reading, LiveHistory(), LiveJudging())
        #expect(report.models.count == LiveReport.modelLimit && report.omittedModels == 92)
        let told = try #require(report.models.first)
        #expect(told.versions.count == LiveReport.versionLimit && told.omittedVersions == 988)
        #expect(told.versions.last?.number == 7 && told.versions.first?.number == 1000)
    }

    @Test func `events are the newest, and long reasons are cut`() {
        let journal = EventJournal(logger: logger)
        for epoch in 1...60 as ClosedRange<UInt64> {
            journal.record(
                ServingEvent(
                    kind: .epochUnreadable, epoch: epoch, reason: String(repeating: "x", count: 9000)))
        }
        let events = LiveReport(source(.empty, journal).reading, LiveHistory(), LiveJudging()).events
        #expect(events.count == LiveReport.eventLimit && events[0].details["epoch"] == "60")
        #expect(
            events.allSatisfy {
                $0.isFailure && ($0.details["reason"] ?? "").count == LiveReport.textLimit + 1
            })
    }

    @Test func `what is asked for between two samples is made once`() throws {
        let table = try Fixture.advance(.empty, to: Fixture.state(epoch: 1, aliases: ["champion": 1]))
        let source = source(table)
        let board = LiveBoard(source)
        let first = board.page
        source.table.replace(with: .empty)
        #expect(board.page == first)
        board.sample()
        #expect(board.page != first && board.page.contains("no model"))
    }
}

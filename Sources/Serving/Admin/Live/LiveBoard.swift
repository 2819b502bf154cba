internal import Foundation
import Files
import Synchronization

/// Keeps the live report of a server: takes a sample a second, and makes page and JSON of it once a second at most, however
/// many look. All of it on the admin port's thread.
final class LiveBoard: Sendable {
    private struct State: Sendable {
        var history = LiveHistory()
        var judging = LiveJudging()
        var report: LiveReport?
        var page: String?
        var json: String?
    }

    private let source: LiveSource
    private let state = Mutex(State())

    init(_ source: LiveSource) { self.source = source }

    /// Takes a sample, lets the judge look where it is time, and lets go of what was made of the last one. Once a second.
    func sample() {
        let counts = source.counts
        let now = MonotonicClock.nanoseconds()
        let isDue = state.withLock { state in
            state.history.add(counts, at: now)
            (state.report, state.page, state.json) = (nil, nil, nil)
            return state.judging.isDue(at: Double(now) / 1e9)
        }
        guard isDue else { return }
        let (table, tallies) = (source.table.snapshot, source.tallies)
        state.withLock { $0.judging.look(at: Double(now) / 1e9, table, tallies.values) }
    }

    /// The page.
    var page: String {
        state.withLock { state in
            let page = state.page ?? LivePage(report(&state)).html
            state.page = page
            return page
        }
    }

    /// The report as one JSON object.
    var json: String {
        state.withLock { state in
            let json = state.json ?? Self.json(report(&state))
            state.json = json
            return json
        }
    }

    private func report(_ state: inout State) -> LiveReport {
        let report = state.report ?? LiveReport(source.reading, state.history, state.judging)
        state.report = report
        return report
    }

    private static func json(_ report: LiveReport) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Figures are finite by construction; one that is not would be a fault, and must not hide the others.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(report) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

import Charts
import Files
import Foundation
import Messages
import RequestLog
import Terminal

/// What a log holds, summed up.
struct RequestSummary {
    /// Who answered.
    struct Answerer: Hashable, Comparable {
        let model: String
        let version: UInt64
        let arm, assignedArm, experiment: String

        static func < (one: Answerer, other: Answerer) -> Bool {
            (one.model, one.version, one.experiment, one.arm, one.assignedArm)
                < (other.model, other.version, other.experiment, other.arm, other.assignedArm)
        }
    }

    var files = 0
    var bytes: UInt64 = 0
    /// The smallest share that was logged, 0 to 1.
    var share: Double?
    private(set) var requests = 0
    /// Requests that are none.
    private(set) var unreadable = 0
    private(set) var time: ClosedRange<UInt64>?
    private(set) var answerers: [Answerer: Int] = [:]
    private(set) var routingKeys: Set<Int> = []
    /// Microseconds, candidates and behaviours, one a request.
    private var total: [UInt32] = []
    private var scoring: [UInt32] = []
    private var candidates: [UInt32] = []
    private var behaviours: [UInt32] = []

    mutating func add(_ logged: LoggedRequest) {
        requests += 1
        let at = logged.unixMilliseconds
        time = time.map { min($0.lowerBound, at)...max($0.upperBound, at) } ?? at...at
        let answerer = Answerer(
            model: logged.model, version: logged.version, arm: logged.arm, assignedArm: logged.assignedArm,
            experiment: logged.experiment)
        answerers[answerer, default: 0] += 1
        total.append(logged.totalMicroseconds)
        scoring.append(logged.scoringMicroseconds)
        candidates.append(UInt32(clamping: logged.scores.count))
        guard let request = try? RankRequest(serialized: logged.request) else {
            unreadable += 1
            return
        }
        behaviours.append(UInt32(clamping: request.history.first?.count ?? 0))
        if !request.routingKey.isEmpty { routingKeys.insert(request.routingKey.hashValue) }
    }

    /// For people.
    var text: String {
        var lines = [
            "\(Self.counted(files, "file")), \(Self.counted(Int(bytes), "byte"))"
                + (share.map { ", \(Self.percent($0)) of requests logged" } ?? ""),
            "\(Self.counted(requests, "request")) of \(Self.counted(routingKeys.count, "routing key"))"
                + (time.map { ", \(Self.text($0.lowerBound)) to \(Self.text($0.upperBound))" } ?? ""),
        ]
        if unreadable > 0 { lines.append("\(NumberText.count(unreadable)) of them cannot be read") }
        guard requests > 0 else { return lines.joined(separator: "\n") }
        lines += ["", TextTable(rows: answererRows).text, "", TextTable(rows: figureRows).text]
        return lines.joined(separator: "\n")
    }

    private var answererRows: [[String]] {
        [["model", "version", "arm", "assigned", "experiment", "requests", "share"]]
            + answerers.sorted { $0.key < $1.key }.map { answerer, count in
                [
                    Self.printable(answerer.model), "\(answerer.version)", Self.printable(answerer.arm),
                    Self.printable(answerer.assignedArm), Self.printable(answerer.experiment),
                    NumberText.count(count), Self.percent(Double(count) / Double(requests)),
                ]
            }
    }

    private var figureRows: [[String]] {
        [["", "p50", "p90", "p99", "max"]]
            + figures.map { figure in
                [figure.name]
                    + figure.quantiles.map { value in
                        figure.isTime
                            ? NumberText.fixed(Double(value) / 1000, 2) : NumberText.count(Int(value))
                    }
            }
    }

    private struct Figure {
        let name, key: String
        let isTime: Bool
        let quantiles: [UInt32]
    }

    private var figures: [Figure] {
        func figure(_ name: String, _ key: String, isTime: Bool = false, _ values: [UInt32]) -> Figure {
            let sorted = values.sorted()
            let quantiles = [0.5, 0.9, 0.99, 1].map { share -> UInt32 in
                guard !sorted.isEmpty else { return 0 }
                return sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
            }
            return Figure(name: name, key: key, isTime: isTime, quantiles: quantiles)
        }
        return [
            figure("total, ms", "total_microseconds", isTime: true, total),
            figure("scoring, ms", "scoring_microseconds", isTime: true, scoring),
            figure("candidates", "candidates", candidates), figure("behaviours", "behaviours", behaviours),
        ]
    }

    /// One line.
    func json() throws -> String {
        let figures = Dictionary(
            figures.map {
                ($0.key, Dictionary(zip(["p50", "p90", "p99", "max"], $0.quantiles)) { one, _ in one })
            },
            uniquingKeysWith: { first, _ in first })
        return try encodeJSON(
            Document(
                files: files, bytes: bytes, share: share, requests: requests, unreadable: unreadable,
                routingKeys: routingKeys.count, first: time.map { Self.text($0.lowerBound) },
                last: time.map { Self.text($0.upperBound) },
                answered: answerers.sorted { $0.key < $1.key }.map { answerer, count in
                    Document.Answered(
                        model: answerer.model, version: answerer.version, arm: answerer.arm,
                        assignedArm: answerer.assignedArm, experiment: answerer.experiment, requests: count)
                }, figures: figures), keys: .convertToSnakeCase)
    }

    private struct Document: Encodable {
        let files: Int
        let bytes: UInt64
        let share: Double?
        let requests, unreadable, routingKeys: Int
        let first, last: String?
        let answered: [Answered]
        let figures: [String: [String: UInt32]]

        struct Answered: Encodable {
            let model: String
            let version: UInt64
            let arm, assignedArm, experiment: String
            let requests: Int
        }
    }

    /// `1 request`, `2,000 requests`.
    private static func counted(_ count: Int, _ noun: String) -> String {
        NumberText.count(count) + " " + noun + (count == 1 ? "" : "s")
    }

    private static func percent(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 1)) %" }

    private static func text(_ milliseconds: UInt64) -> String {
        WallClock.rfc3339(
            seconds: Int(milliseconds / 1000 % (1 << 38)), milliseconds: Int(milliseconds % 1000))
    }

    /// A log may hold any text; a terminal is not told to do what it says.
    private static func printable(_ text: String) -> String {
        text.isEmpty
            ? "-"
            : String(
                text.map {
                    $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? $0 : "?"
                })
    }
}

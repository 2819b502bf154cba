import Files
import Logging
import Synchronization

/// Logs events, and keeps the last of them for the admin port.
final class EventJournal: Sendable {
    /// How many events are kept.
    static let capacity = 256

    /// An event and when it happened, in RFC 3339.
    struct Entry: Sendable, Equatable {
        let time: String
        let event: ServingEvent
    }

    private let logger: Logger
    private let metrics: ServingMetrics
    private let entries = Mutex<[Entry]>([])

    init(logger: Logger, metrics: ServingMetrics = ServingMetrics()) {
        self.logger = logger
        self.metrics = metrics
    }

    /// The events kept, oldest first: one JSON object a line.
    var jsonLines: String {
        entries.withLock { $0 }.map { $0.event.json(time: $0.time) + "\n" }.joined()
    }

    /// So many of the last events, the newest first.
    func newest(_ count: Int) -> [Entry] { entries.withLock { $0.suffix(count).reversed() } }

    /// Records what a replaced table changed.
    func record(_ next: ServingTable, after previous: ServingTable) {
        for event in next.events(since: previous) {
            if event.to == VersionPhase.quarantined.rawValue { metrics.countQuarantine(of: event.model) }
            record(event)
        }
    }

    func record(_ event: ServingEvent) {
        let entry = Entry(time: WallClock.now(), event: event)
        entries.withLock { entries in
            if entries.count == Self.capacity { entries.removeFirst() }
            entries.append(entry)
        }
        var metadata: Logger.Metadata = [:]
        for field in event.fields { metadata[field.name] = "\(field.value)" }
        logger.log(level: event.isFailure ? .error : .info, "event", metadata: metadata)
    }
}

extension ServingEvent {
    /// One JSON object in one line; `time` is RFC 3339.
    func json(time: String) -> String {
        let members = fields.map { field in
            "\"\(field.name)\":" + (field.isNumber ? field.value : Self.quoted(field.value))
        }
        return "{\"time\":\"\(time)\"," + members.joined(separator: ",") + "}"
    }

    /// A JSON string (RFC 8259, section 7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

import Experiment
import Files
import GRPC
import ModelRegistry
import RequestLog

/// Every figure of a server at one moment, as metrics. Reads counters, decides nothing.
struct MetricsReport {
    let table: ServingTable
    let metrics: ServingMetrics
    let calls: [CallCounts]
    let connections: Int
    let scheduling: ScoringScheduler.Counts
    let feedback: FeedbackCounts
    /// Items that duplicates are recognised of.
    let feedbackItems: Int
    let process: ProcessFacts?
    /// Of the monotonic clock.
    let nowNanoseconds: UInt64
    let serverVersion: String
    /// Nil where requests are not logged.
    var requestLog: RequestLogWriter.Counts?

    var families: [MetricFamily] {
        [build] + versionStates + rankCalls + versionCounts + userStates + candidateParts + schedule + splits
            + outcomes + arms + shadows
            + registry + transport + requestLogFamilies
            + processFacts
    }

    private var build: MetricFamily {
        var family = MetricFamily(
            name: "dien_build_info", help: "1, with the server's version.", kind: .gauge)
        family.add(1.0, ["version": serverVersion])
        return family
    }

    /// Versions that nothing asks for have no lines, so that a long registry does not make a long page.
    private var versionStates: [MetricFamily] {
        var states = MetricFamily(
            name: "dien_version_state", help: "1 for the state that a version is in, 0 for the others.",
            kind: .gauge)
        var bytes = MetricFamily(
            name: "dien_version_file_bytes",
            help: "Bytes of a loaded version's files; equal files are shared.",
            kind: .gauge)
        for (name, model) in table.models.sorted(by: { $0.key < $1.key }) {
            for (number, standing) in model.standings.sorted(by: { $0.key < $1.key })
            where standing.phase != .notLoaded {
                for phase in VersionPhase.allCases {
                    states.add(
                        phase == standing.phase ? 1.0 : 0.0,
                        ["model": name, "version": "\(number)", "state": phase.rawValue])
                }
                if let servable = model.versions[number]?.servable {
                    bytes.add(
                        servable.blobs.values.reduce(0, +), ["model": name, "version": "\(number)"])
                }
            }
        }
        return [states, bytes]
    }

    private var registry: [MetricFamily] {
        var epoch = MetricFamily(
            name: "dien_registry_epoch", help: "The registry's epoch that is followed.", kind: .gauge)
        epoch.add(table.epoch)
        var age = MetricFamily(
            name: "dien_registry_check_age_seconds",
            help: "Seconds since the registry was last looked at with success.", kind: .gauge)
        let last = metrics.lastCheckNanoseconds
        if last > 0 { age.add(Double(nowNanoseconds - min(last, nowNanoseconds)) / 1e9) }
        var blobs = MetricFamily(
            name: "dien_scrub_findings_total", help: "Damaged or missing blobs that the scrubber met.",
            kind: .counter)
        blobs.add(metrics.damagedBlobs)
        var loads = MetricFamily(
            name: "dien_version_loads_total", help: "Versions loaded, by outcome.", kind: .counter)
        var durations = MetricFamily(
            name: "dien_version_load_seconds", help: "What loading and checking a version takes.",
            kind: .histogram)
        for (model, load) in metrics.loads.sorted(by: { $0.key < $1.key }) {
            loads.add(load.ready, ["model": model, "outcome": "ready"])
            loads.add(load.refused, ["model": model, "outcome": "refused"])
            durations.add(load.durations.counts, ["model": model])
        }
        var quarantined = MetricFamily(
            name: "dien_version_quarantines_total", help: "Loaded versions taken out of service for damage.",
            kind: .counter)
        for model in table.models.keys.sorted() {
            quarantined.add(metrics.quarantined[model] ?? 0, ["model": model])
        }
        return [epoch, age, blobs, loads, durations, quarantined]
    }

    private var transport: [MetricFamily] {
        var open = MetricFamily(name: "dien_grpc_connections", help: "Connections open.", kind: .gauge)
        open.add(UInt64(connections))
        var streams = MetricFamily(
            name: "dien_grpc_streams", help: "Calls being received, handled or answered.", kind: .gauge)
        var ended = MetricFamily(
            name: "dien_grpc_calls_total", help: "Calls by method and the gRPC status sent.", kind: .counter)
        for call in calls {
            streams.add(call.open, ["method": call.method.path])
            for code in StatusCode.allCases {
                guard let count = call.ended[code] ?? (code == .ok ? 0 : nil) else { continue }
                ended.add(count, ["method": call.method.path, "code": code.description])
            }
        }
        return [open, streams, ended]
    }

    private var processFacts: [MetricFamily] {
        guard let process else { return [] }
        func gauge(_ name: String, _ help: String, _ value: UInt64) -> MetricFamily {
            var family = MetricFamily(name: name, help: help, kind: .gauge)
            family.add(value)
            return family
        }
        return [
            gauge(
                "process_resident_memory_bytes", "Memory in use, pages of mapped files among it.",
                process.residentBytes),
            gauge(
                "dien_anonymous_memory_bytes", "Memory that no file backs: the kernel cannot drop it.",
                process.anonymousBytes),
            gauge(
                "dien_mapped_resident_bytes", "Memory that mapped files back.",
                process.residentBytes - min(process.anonymousBytes, process.residentBytes)),
            gauge("process_open_fds", "Open file descriptors.", UInt64(process.openDescriptors)),
            gauge("dien_memory_mappings", "Mappings, of vm.max_map_count.", UInt64(process.mappings)),
        ]
    }
}

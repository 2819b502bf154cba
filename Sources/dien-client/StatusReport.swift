import Foundation
import Messages

/// What a server serves, for a person or for a program.
struct StatusReport {
    let server: String
    let health: String
    let models: ListModelsResponse
    let now: Date

    /// A line about the server, and a table for each model.
    var text: String {
        let started = Date(timeIntervalSince1970: Double(models.startUnixMilliseconds) / 1000)
        let up = StatusReport.uptime(seconds: Int(max(0, now.timeIntervalSince(started))))
        var lines = [
            "\(server): \(health), dien-server \(models.serverVersion), up \(up), registry epoch \(models.registryEpoch)"
        ]
        if models.models.isEmpty { lines += ["", "no models: push one with dien-registry push"] }
        for model in models.models {
            let aliases = model.aliases.map(StatusReport.alias).joined(separator: ", ")
            lines += ["", model.name + (aliases.isEmpty ? "" : "  (\(aliases))")]
            lines += StatusReport.table(model.versions)
            lines += model.versions.flatMap(StatusReport.reuse)
            if let split = model.split { lines += StatusReport.experiment(split) }
        }
        return lines.joined(separator: "\n")
    }

    /// Where an alias points, and what answers for it where that is another version.
    private static func alias(_ alias: ModelAlias) -> String {
        let target = "\(alias.alias) → \(alias.version)"
        switch alias.servingVersion {
        case alias.version: return target
        case 0: return target + ", not answered"
        case let other: return target + ", answered by \(other)"
        }
    }

    /// An experiment's arms, and what it has decided so far.
    private static func experiment(_ split: TrafficSplit) -> [String] {
        let percent = Double(split.coverage) / 100
        let arms = split.arms.map { arm in
            let version =
                arm.servingVersion == 0 ? "\(arm.version), the champion answers" : "\(arm.servingVersion)"
            return "\(arm.name) \(arm.weight) → \(version)"
        }
        return [
            "  experiment \(split.experiment): \(split.algorithm), coverage \(percent) %, "
                + arms.joined(separator: ", "),
            "    enrolled \(split.enrolled), allowed \(split.overridden), not enrolled \(split.notEnrolled), "
                + "without key \(split.unassigned), fallbacks \(split.fallbacks)",
        ]
    }

    private static func table(_ versions: [VersionStatus]) -> [String] {
        let head = ["version", "state", "digest", "architecture", "preset", "kernels", "precision", "reason"]
        let rows = versions.map {
            [
                "\($0.version)", "\($0.state)", shortDigest($0.digest), $0.architecture, $0.preset,
                $0.kernels, $0.precision,
                $0.reason,
            ].map { $0.isEmpty ? "-" : $0 }
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = "  " + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    static func uptime(seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }
}

extension StatusReport {
    /// One line of JSON with the names of models.proto; aliases as an object.
    func json() throws -> String {
        try encodeJSON(
            Document(
                server: server, health: health, serverVersion: models.serverVersion,
                registryEpoch: models.registryEpoch, startUnixMilliseconds: models.startUnixMilliseconds,
                models: models.models.map { model in
                    Document.Model(
                        name: model.name,
                        aliases: Dictionary(
                            model.aliases.map { ($0.alias, $0.version) },
                            uniquingKeysWith: { first, _ in first }),
                        serving: Dictionary(
                            model.aliases.map { ($0.alias, $0.servingVersion) },
                            uniquingKeysWith: { first, _ in first }),
                        versions: model.versions.map {
                            Document.Version(
                                version: $0.version, state: $0.state.description, reason: $0.reason,
                                digest: $0.digest, architecture: $0.architecture, preset: $0.preset,
                                kernels: $0.kernels, precision: $0.precision,
                                userStates: $0.userStates.map(Document.Reuse.init),
                                candidateParts: $0.candidateParts.map(Document.Reuse.init))
                        },
                        split: model.split.map(Document.Split.init))
                }))
    }

    struct Document: Encodable {
        let server, health, serverVersion: String
        let registryEpoch, startUnixMilliseconds: UInt64
        let models: [Model]

        enum CodingKeys: String, CodingKey {
            case server, health, models
            case serverVersion = "server_version"
            case registryEpoch = "registry_epoch"
            case startUnixMilliseconds = "start_unix_milliseconds"
        }

        struct Model: Encodable {
            let name: String
            let aliases: [String: UInt64]
            let serving: [String: UInt64]
            let versions: [Version]
            let split: Split?
        }

        struct Version: Encodable {
            let version: UInt64
            let state, reason, digest, architecture, preset, kernels, precision: String
            let userStates, candidateParts: Reuse?

            enum CodingKeys: String, CodingKey {
                case version, state, reason, digest, architecture, preset, kernels, precision
                case userStates = "user_states"
                case candidateParts = "candidate_parts"
            }
        }
    }
}

import Files
import Foundation
import Messages
import RequestLog

/// A logged request as one JSON object: who answered by the names of ranking.proto, and the columns as `rank --request` has
/// them.
struct LoggedRequestDocument: Encodable {
    let time: String
    let epoch, version: UInt64
    let totalMicroseconds, scoringMicroseconds: UInt32
    let model, digest, arm, assignedArm, experiment, requestID, routingKey: String
    let profile, history, candidates, context: [String: Column]
    let scores: [Float]

    /// Nil where the request's bytes are no request.
    init?(_ logged: LoggedRequest) {
        guard let request = try? RankRequest(serialized: logged.request) else { return nil }
        time = WallClock.rfc3339(
            seconds: Int(logged.unixMilliseconds / 1000 % (1 << 38)),
            milliseconds: Int(logged.unixMilliseconds % 1000))
        (epoch, version) = (logged.epoch, logged.version)
        (totalMicroseconds, scoringMicroseconds) = (logged.totalMicroseconds, logged.scoringMicroseconds)
        (model, digest, arm) = (logged.model, logged.digest, logged.arm)
        (assignedArm, experiment, requestID) = (logged.assignedArm, logged.experiment, logged.requestID)
        routingKey = request.routingKey
        profile = Self.columns(request.profile)
        history = Self.columns(request.history)
        candidates = Self.columns(request.candidates)
        context = Self.columns(request.context)
        scores = logged.scores
    }

    /// On one line.
    var line: String { get throws { try encodeJSON(self) } }

    private static func columns(_ columns: [FeatureColumn]) -> [String: Column] {
        Dictionary(
            columns.map { ($0.name, Column(values: $0.values)) }, uniquingKeysWith: { first, _ in first })
    }

    /// A list of numbers or of texts.
    struct Column: Encodable {
        let values: FeatureColumn.Values

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch values {
            case .ids(let ids): try container.encode(ids)
            case .strings(let strings): try container.encode(strings)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case time, epoch, version, model, digest, arm, experiment, profile, history, candidates, context,
            scores
        case totalMicroseconds = "total_microseconds"
        case scoringMicroseconds = "scoring_microseconds"
        case assignedArm = "assigned_arm"
        case requestID = "request_id"
        case routingKey = "routing_key"
    }
}

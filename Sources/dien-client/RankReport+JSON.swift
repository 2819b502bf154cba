import Foundation
import Messages

extension RankReport {
    /// One line of JSON with the response's fields by their names in ranking.proto, and the ranking spelled out.
    func json() throws -> String {
        let candidates = request.candidates.first
        let document = Document(
            scores: response.scores, servedBy: Document.ServedBy(response.servedBy),
            requestID: response.requestID, totalMicroseconds: response.totalMicroseconds,
            scoringMicroseconds: response.scoringMicroseconds, historyLength: response.historyLength,
            unknownIDs: response.unknownIDs.map {
                Document.Unknown(role: $0.role, feature: $0.feature, count: $0.count)
            },
            ranking: order.enumerated().map { rank, position in
                Document.Ranked(
                    rank: rank + 1, position: position, id: candidates?.label(position) ?? "",
                    probability: response.scores[position])
            })
        return try encodeJSON(document)
    }

    private struct Document: Encodable {
        let scores: [Float]
        let servedBy: ServedBy
        let requestID: String
        let totalMicroseconds, scoringMicroseconds: UInt64
        let historyLength: UInt32
        let unknownIDs: [Unknown]
        let ranking: [Ranked]

        enum CodingKeys: String, CodingKey {
            case scores, ranking
            case servedBy = "served_by"
            case requestID = "request_id"
            case totalMicroseconds = "total_microseconds"
            case scoringMicroseconds = "scoring_microseconds"
            case historyLength = "history_length"
            case unknownIDs = "unknown_ids"
        }

        struct ServedBy: Encodable {
            let model: String
            let version: UInt64
            let digest, arm, assignedArm, experiment: String
            let registryEpoch: UInt64

            init(_ by: Messages.ServedBy) {
                model = by.model
                version = by.version
                digest = by.digest
                arm = by.arm
                assignedArm = by.assignedArm
                experiment = by.experiment
                registryEpoch = by.registryEpoch
            }

            enum CodingKeys: String, CodingKey {
                case model, version, digest, arm, experiment
                case assignedArm = "assigned_arm"
                case registryEpoch = "registry_epoch"
            }
        }

        struct Unknown: Encodable {
            let role, feature: String
            let count: UInt32
        }

        struct Ranked: Encodable {
            let rank, position: Int
            let id: String
            let probability: Float
        }
    }
}

/// JSON on one line, keys in alphabetical order so that equal answers are equal texts.
func encodeJSON(
    _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = keys
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

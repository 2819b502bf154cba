import Foundation
import Messages

extension RankReport {
    /// One line of JSON with the response's fields by their names in ranking.proto, and the ranking spelled out.
    func json() throws -> String {
        let candidates = request.candidates.first
        let document = Document(
            scores: response.scores, servedBy: AnswerDocument.ServedBy(response.servedBy),
            requestID: response.requestID, totalMicroseconds: response.totalMicroseconds,
            scoringMicroseconds: response.scoringMicroseconds, historyLength: response.historyLength,
            unknownIDs: response.unknownIDs.map(AnswerDocument.Unknown.init),
            userState: response.userState.description,
            ranking: order.enumerated().map { rank, position in
                Document.Ranked(
                    rank: rank + 1, position: position, id: candidates?.label(position) ?? "",
                    probability: response.scores[position], attention: attention(of: position))
            })
        return try encodeJSON(document)
    }

    private struct Document: Encodable {
        let scores: [Float]
        let servedBy: AnswerDocument.ServedBy
        let requestID: String
        let totalMicroseconds, scoringMicroseconds: UInt64
        let historyLength: UInt32
        let unknownIDs: [AnswerDocument.Unknown]
        let userState: String
        let ranking: [Ranked]

        enum CodingKeys: String, CodingKey {
            case scores, ranking
            case servedBy = "served_by"
            case requestID = "request_id"
            case totalMicroseconds = "total_microseconds"
            case scoringMicroseconds = "scoring_microseconds"
            case historyLength = "history_length"
            case unknownIDs = "unknown_ids"
            case userState = "user_state"
        }

        struct Ranked: Encodable {
            let rank, position: Int
            let id: String
            let probability: Float
            let attention: [AttendedBehaviour]?
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

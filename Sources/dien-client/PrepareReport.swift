import Messages

/// What became of a prepared user, for a person or for a program.
struct PrepareReport {
    let response: PrepareResponse
    /// Seen from here.
    let roundTrip: Duration

    var text: String {
        let server = Duration.microseconds(Int(clamping: response.totalMicroseconds))
        var lines = [
            response.servedBy.line,
            "\(response.historyLength) behaviours used, their state \(response.userState.description.lowercased()); "
                + "\(milliseconds(roundTrip)) ms there and back, \(milliseconds(server)) ms in the server",
        ]
        lines += response.servedBy.experimentLines + response.unknownIDs.lines
        if !response.requestID.isEmpty { lines.append("request \(response.requestID)") }
        return lines.joined(separator: "\n")
    }

    /// One line of JSON with the response's fields by their names in ranking.proto.
    func json() throws -> String {
        try encodeJSON(
            Document(
                servedBy: AnswerDocument.ServedBy(response.servedBy),
                userState: response.userState.description, requestID: response.requestID,
                historyLength: response.historyLength,
                unknownIDs: response.unknownIDs.map(AnswerDocument.Unknown.init),
                totalMicroseconds: response.totalMicroseconds))
    }

    private struct Document: Encodable {
        let servedBy: AnswerDocument.ServedBy
        let userState, requestID: String
        let historyLength: UInt32
        let unknownIDs: [AnswerDocument.Unknown]
        let totalMicroseconds: UInt64

        enum CodingKeys: String, CodingKey {
            case servedBy = "served_by"
            case userState = "user_state"
            case requestID = "request_id"
            case historyLength = "history_length"
            case unknownIDs = "unknown_ids"
            case totalMicroseconds = "total_microseconds"
        }
    }
}

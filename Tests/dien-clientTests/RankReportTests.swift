import Foundation
import Messages
import Testing

@testable import dien_client

struct RankReportTests {
    static let report = RankReport(
        request: RankRequest(candidates: [FeatureColumn(name: "item", ids: [153, 1110, 10021])]),
        response: RankResponse(
            scores: [0.25, 0.8615085, 0.25],
            servedBy: ServedBy(
                model: "sports", version: 2, digest: "sha256:0123456789abcdef", arm: "champion",
                registryEpoch: 3),
            requestID: "r-1", totalMicroseconds: 812, scoringMicroseconds: 640,
            unknownIDs: [UnknownIDs(role: "history", feature: "item", count: 1)], historyLength: 5),
        roundTrip: .microseconds(1900))

    @Test func `the list is best first with ties in the order of the request`() {
        #expect(
            Self.report.text == """
                sports version 2 (sha256:0123456789ab), arm champion, epoch 3
                3 candidates; 5 behaviours used; 1.90 ms there and back, 0.81 ms in the server, 0.64 ms scoring
                unknown ids: 1 in history.item
                request r-1

                  rank   item  probability
                     1   1110  0.8615  █████████████████▎
                     2    153  0.2500  █████
                     3  10021  0.2500  █████
                """)
    }

    @Test func `what each candidate looked at stands below it, by the history's identifiers`() throws {
        let attention = [([2, 0], [0.5, 0.25]), ([0], [1]), ([], [])].map { positions, weights in
            CandidateAttention(positions: positions.map(UInt32.init), weights: weights)
        }
        var response = Self.report.response
        response.attention = attention
        var request = Self.report.request
        request.history = [FeatureColumn(name: "item", ids: [7, 8, 9])]
        let report = RankReport(request: request, response: response, roundTrip: .zero)
        #expect(
            report.text.split(separator: "\n").suffix(5) == [
                "     1   1110  0.8615  █████████████████▎",
                "               looked at 7 1.000",
                "     2    153  0.2500  █████",
                "               looked at 9 0.500, 7 0.250",
                "     3  10021  0.2500  █████",
            ])
        #expect(try report.json().contains(#""attention":[{"id":"9","position":2,"weight":0.5},{"id":"7""#))
        #expect(try !Self.report.json().contains("attention"))
    }

    @Test func `the server's top decides the order where it was asked for`() {
        var response = Self.report.response
        response.top = [1, 9]
        let report = RankReport(request: Self.report.request, response: response, roundTrip: .zero)
        #expect(report.order == [1])
    }

    @Test func `the JSON has the names of the protocol`() throws {
        let data = Data(try Self.report.json().utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "scores", "served_by", "request_id", "total_microseconds", "scoring_microseconds",
                "history_length",
                "unknown_ids", "user_state", "ranking",
            ])
        #expect(
            try Self.report.json().contains(#"{"id":"1110","position":1,"probability":0.8615085,"rank":1}"#))
    }
}

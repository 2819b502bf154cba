import Messages
import Testing

@testable import dien_client

struct PrepareReportTests {
    static let report = PrepareReport(
        response: PrepareResponse(
            servedBy: ServedBy(
                model: "sports", version: 2, digest: "sha256:0123456789abcdef", arm: "champion",
                registryEpoch: 3),
            userState: .extended, requestID: "r-1", historyLength: 5,
            unknownIDs: [UnknownIDs(role: "history", feature: "item", count: 1)], totalMicroseconds: 812),
        roundTrip: .microseconds(1900))

    @Test func `a person sees what became of the state`() {
        #expect(
            Self.report.text == """
                sports version 2 (sha256:0123456789ab), arm champion, epoch 3
                5 behaviours used, their state extended; 1.90 ms there and back, 0.81 ms in the server
                unknown ids: 1 in history.item
                request r-1
                """)
    }

    @Test func `the JSON has the names of the protocol`() throws {
        #expect(
            try Self.report.json() == """
                {"history_length":5,"request_id":"r-1","served_by":{"arm":"champion","assigned_arm":"",\
                "digest":"sha256:0123456789abcdef","experiment":"","model":"sports","registry_epoch":3,"version":2},\
                "total_microseconds":812,"unknown_ids":[{"count":1,"feature":"item","role":"history"}],\
                "user_state":"EXTENDED"}
                """)
    }
}

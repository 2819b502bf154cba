import Experiment
import GRPC
import Messages
import Testing

@testable import dien_client

@Suite struct ReplayRecorderTests {
    private static func call(intended: UInt64 = 0, sent: UInt64 = 0, ended: UInt64 = 1_000_000)
        -> ReplayRecorder.Call
    {
        ReplayRecorder.Call(intended: intended, sent: sent, ended: ended)
    }

    private static func answer(_ scores: [Float], arm: String, assigned: String? = nil) -> RankResponse {
        RankResponse(
            scores: scores,
            servedBy: ServedBy(
                model: "sports", version: arm == "champion" ? 1 : 2, digest: "sha256:\(arm)", arm: arm,
                assignedArm: assigned ?? arm, experiment: "sports.4"))
    }

    private static func request(_ user: Int, _ labels: [Bool]) -> ReplayedRequest {
        ReplayedRequest(message: RankRequest(), user: user, labels: labels)
    }

    private static func result(_ recorder: ReplayRecorder) -> ReplayResult {
        ReplayResult(.init(recorder: recorder, seconds: 2, signal: nil), planned: 5)
    }

    @Test func `answers are judged under the arm that the user belongs to, whoever gave them`() throws {
        var recorder = ReplayRecorder()
        recorder.answered(
            Self.request(1, [true, false]), Self.answer([0.9, 0.2], arm: "candidate"), Self.call())
        recorder.answered(
            Self.request(2, [false, true]), Self.answer([0.6, 0.4], arm: "champion", assigned: "candidate"),
            Self.call())
        recorder.answered(Self.request(3, [true]), Self.answer([0.5], arm: "control"), Self.call())
        let arms = Self.result(recorder).arms
        #expect(arms.map(\.arm.name) == ["candidate", "control"])
        #expect(arms[0].versions == [1, 2] && arms[0].fallbacks == 1 && arms[0].users == 2)
        // 0.9 and 0.4 clicked, 0.2 and 0.6 not: three of four pairs are in order.
        #expect(arms[0].evaluation?.auc.value == 0.75)
        // One class alone has no area.
        #expect(arms[1].evaluation == nil && arms[1].candidates == 1)
    }

    @Test func `latency counts from the moment at which a request was meant to start`() {
        var recorder = ReplayRecorder()
        for number in 0..<10 as Range<UInt64> {
            let call = Self.call(intended: number * 1_000_000, sent: 90_000_000, ended: 100_000_000)
            recorder.answered(Self.request(1, []), Self.answer([], arm: "champion"), call)
        }
        let result = Self.result(recorder)
        #expect(abs(result.latency.maximum - 100) < 0.2 && abs(result.latency.mean - 95.5) < 0.2)
        #expect(abs(result.service.maximum - 10) < 0.2)
    }

    @Test func `a call that ran out of time counts as slow, one that was refused does not`() {
        var recorder = ReplayRecorder()
        recorder.failed(RPCError(code: .deadlineExceeded, message: "late"), Self.call(ended: 2_000_000_000))
        recorder.failed(RPCError(code: .notFound, message: "no model\nof it"), Self.call())
        recorder.failed(RPCError(code: .notFound, message: "another"), Self.call())
        let result = Self.result(recorder)
        #expect(result.latency.count == 1 && recorder.failed == 3 && result.isFailure)
        #expect(result.text.contains("NOT_FOUND  2  no model of it"))
    }

    @Test func `answers of the version that answered then are held against the log to the bit`() {
        var recorder = ReplayRecorder()
        func logged(_ score: Float, _ arm: String) -> ReplayedRequest {
            ReplayedRequest(message: RankRequest(), user: 0, logged: ([score], "sha256:\(arm)"))
        }
        recorder.answered(logged(0.25, "champion"), Self.answer([0.25], arm: "champion"), Self.call())
        recorder.answered(
            logged((0.25 as Float).nextUp, "champion"), Self.answer([0.25], arm: "champion"), Self.call())
        recorder.answered(logged(0.25, "candidate"), Self.answer([0.25], arm: "champion"), Self.call())
        #expect(recorder.repeated.requests == 2 && recorder.repeated.equal == 1)
    }
}

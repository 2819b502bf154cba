import Experiment
import Files
import Messages
import NIOCore
import RequestLog

extension RankingService {
    /// Hands a request that was answered to the log, if it is one of those that are kept. For the time after the reply:
    /// nobody waits for it.
    func log(_ call: OpenCall, _ response: RankResponse, _ message: ByteBuffer) {
        guard let requestLog,
            requestLog.options.isSampled(ServedRequest.hash(response.requestID))
        else { return }
        requestLog.append(.request(LoggedRequest(response, Array(buffer: message))))
    }
}

extension LoggedRequest {
    /// An answer just given, and the request as it came.
    fileprivate init(_ response: RankResponse, _ request: [UInt8]) {
        let by = response.servedBy
        self.init(
            unixMilliseconds: WallClock.unixMilliseconds(), epoch: by.registryEpoch, version: by.version,
            totalMicroseconds: UInt32(clamping: response.totalMicroseconds),
            scoringMicroseconds: UInt32(clamping: response.scoringMicroseconds), model: by.model,
            digest: by.digest, arm: by.arm, assignedArm: by.assignedArm, experiment: by.experiment,
            requestID: response.requestID, request: request, scores: response.scores)
    }
}

import Files
import GRPC
import NIOCore

/// Keeps the scheduler's threads as long as there are calls to take.
final class ScoringPool: Sendable {
    let scheduler: ScoringScheduler

    /// - Parameters:
    ///   - processors: what the process may use.
    ///   - queueLimit: how many calls may wait.
    ///   - work: what the threads do.
    /// - Throws: `StartError.noThreads` where the system gives none.
    init(_ processors: Processors, queueLimit: Int, _ work: some ScoringScheduler.Work) throws(StartError) {
        scheduler = ScoringScheduler(processors, queueLimit: queueLimit)
        guard scheduler.start(processors, work) else {
            scheduler.stop()
            throw .noThreads(count: processors.count)
        }
    }

    deinit { scheduler.stop() }

    /// Puts a call into the queue, or ends it where that is full.
    func take(_ method: RankingJob.Method, _ message: ByteBuffer, _ context: ServerContext, _ reply: Reply) {
        do throws(RPCError) {
            try scheduler.submit(RankingJob(method, message, context, reply))
        } catch {
            reply(.failure(error))
        }
    }
}

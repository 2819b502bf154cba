import Files
import GRPC
import Messages
import NIOCore
import RankingClient

/// One thread of a load: its connections, its share of the calls, and what they came to.
///
/// Everything happens on the event loop of its connections: sending costs no change of threads, and a timer that is
/// late is late because this thread is busy, which is what `LoadRecorder.lag` shows.
final class LoadWorker {
    private let loop: any EventLoop
    private let connections: [ClientConnection]
    private let deadline: Duration
    private let progress: LoadProgress
    private var pacer: Pacer
    private var source: RequestSource
    private var recorder: LoadRecorder
    /// Encoded ahead, so that encoding is not part of any call's time.
    private var upcoming: RequestSource.Prepared?
    private var origin = NIODeadline.uptimeNanoseconds(0)
    private var timer: UInt64?
    private var isPumping = false
    private var isExhausted = false
    private var isFinished = false
    private var turn = 0
    private var cpuAtBegin: UInt64 = 0
    private var finished: EventLoopPromise<LoadShare>?

    /// Calls that are started without a look at what came in meanwhile.
    private static let burst = 64
    /// Of so many answers one is decoded and checked; all of them would cost what the load is made with.
    private static let sampling = 8

    init(
        loop: any EventLoop, connections: [ClientConnection], pacer: Pacer, source: RequestSource,
        recorder: LoadRecorder, deadline: Duration, progress: LoadProgress
    ) {
        self.loop = loop
        self.connections = connections
        self.pacer = pacer
        self.source = source
        self.recorder = recorder
        self.deadline = deadline
        self.progress = progress
    }

    /// Starts; the result comes when the last call has ended.
    func begin(at origin: NIODeadline) -> EventLoopFuture<LoadShare> {
        self.origin = origin
        let promise = loop.makePromise(of: LoadShare.self)
        finished = promise
        upcoming = source.next()
        cpuAtBegin = ProcessorTime.ofThread()
        wait(until: 0)
        return promise.futureResult
    }

    /// Nothing starts from now on.
    func stop() {
        pacer.stop(now: now)
        recorder.stop(at: now)
        pump()
    }

    /// Does not wait for the calls in progress any longer.
    func abandon() {
        stop()
        finish()
    }

    private var now: UInt64 {
        let now = NIODeadline.now()
        return now < origin ? 0 : UInt64((now - origin).nanoseconds)
    }

    /// Does what the pacer says, until there is nothing to do now.
    private func pump() {
        guard !isPumping, !isFinished else { return }
        isPumping = true
        defer { isPumping = false }
        for _ in 0..<Self.burst {
            let time = now
            switch pacer.next(now: time) {
            case .send(let intended, let lag): send(intended: intended, lag: lag, at: time)
            case .wait(let until): return wait(until: until)
            case .blocked: return
            case .finished:
                if pacer.inFlight == 0 { finish() }
                return
            }
        }
        let worker = NIOLoopBound(self, eventLoop: loop)
        loop.execute { worker.value.pump() }
    }

    private func wait(until time: UInt64) {
        if let timer, timer <= time { return }
        timer = time
        let worker = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: origin + .nanoseconds(Int64(time))) { worker.value.woke(time) }
    }

    private func woke(_ time: UInt64) {
        if timer == time { timer = nil }
        pump()
    }

    private func send(intended: UInt64, lag: UInt64, at time: UInt64) {
        guard let request = upcoming else {
            // The requests have come to their end: this one is no call, and none is missing.
            isExhausted = true
            pacer.ended(now: time, failed: false)
            pacer.stop(now: time)
            return
        }
        let connection = connections[turn % connections.count]
        turn += 1
        recorder.started(intended: intended, sent: time, lag: lag, bytes: request.message.readableBytes)
        let worker = NIOLoopBound(self, eventLoop: loop)
        let candidates = request.candidates
        connection.unary(.rank, request.message, deadline: .after(deadline)) { result in
            worker.value.ended(intended: intended, sent: time, candidates: candidates, result)
        }
        upcoming = source.next()
    }

    private func ended(
        intended: UInt64, sent: UInt64, candidates: Int, _ result: Result<UnaryResponse, RPCError>
    ) {
        guard !isFinished else { return }
        let call = LoadRecorder.Call(intended: intended, sent: sent, ended: now)
        let outcome = outcome(of: result, candidates: candidates)
        recorder.ended(call, outcome)
        var failed = false
        if case .failed = outcome { failed = true }
        progress.ended(failed: failed)
        pacer.ended(now: call.ended, failed: failed)
        pump()
    }

    private func outcome(
        of result: Result<UnaryResponse, RPCError>, candidates: Int
    ) -> LoadRecorder.Outcome {
        switch result {
        case .failure(let error): return .failed(error.code, message: error.message)
        case .success(let response):
            let bytes = response.message.readableBytes
            guard recorder.answered % UInt64(Self.sampling) == 0 else { return .answered(bytes: bytes) }
            do throws(MessageError) {
                let ranking = try RankResponse(serialized: response.message.readableBytesSpan)
                guard ranking.scores.count == candidates else {
                    return .failed(
                        .internal, message: "\(ranking.scores.count) scores for \(candidates) candidates")
                }
                recorder.server(microseconds: ranking.totalMicroseconds)
                return .answered(bytes: bytes)
            } catch {
                return .failed(.internal, message: "the server's response: \(error)")
            }
        }
    }

    private func finish() {
        guard let finished else { return }
        self.finished = nil
        isFinished = true
        let time = now
        if !isExhausted { pacer.giveUp { recorder.gaveUp(intended: $0, now: time) } }
        finished.succeed(
            LoadShare(
                recorder: recorder, elapsed: time, inProgress: pacer.inFlight,
                processorTime: ProcessorTime.ofThread() - cpuAtBegin))
    }
}

/// What one worker did.
struct LoadShare: Sendable {
    let recorder: LoadRecorder
    /// Nanoseconds from the begin to the end.
    let elapsed: UInt64
    /// Calls that were not waited for.
    let inProgress: Int
    /// Nanoseconds that the thread ran.
    let processorTime: UInt64
}

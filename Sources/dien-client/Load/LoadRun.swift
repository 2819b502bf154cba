import Files
import GRPC
import Messages
import NIOCore
import NIOPosix
import RankingClient

/// Runs a load: connects, starts the workers together, looks out for signals, and puts together what they found.
struct LoadRun {
    let plan: LoadPlan
    /// Calls in progress are waited for so long when the load is interrupted.
    private static let patience = Duration.milliseconds(1000)

    /// Throws `RPCError` where the server can not be reached at the begin.
    func perform() async throws -> LoadResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.threads)
        do {
            let result = try await perform(on: group)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func perform(on group: MultiThreadedEventLoopGroup) async throws -> LoadResult {
        let progress = LoadProgress(duration: plan.end, calls: plan.calls)
        let workers = zip(0..., group.makeIterator()).prefix(plan.threads).map { share, loop in
            (share: share, loop: loop, connections: connections(share: share, on: loop))
        }
        for connection in workers.flatMap(\.connections) { try await connect(connection) }
        let origin = NIODeadline.now() + .milliseconds(5)
        let started = WallClock.now()
        let running = workers.map { share, loop, connections in
            let box = NIOLoopBoundBox<LoadWorker?>.makeBoxSendingValue(nil, eventLoop: loop)
            let recorder = LoadRecorder(begin: plan.warmup, end: plan.end)
            let end = loop.flatSubmit { [plan] in
                let worker = LoadWorker(
                    loop: loop, connections: connections, pacer: plan.pacer(share: share),
                    source: plan.source(share: share), recorder: recorder, deadline: plan.deadline,
                    progress: progress)
                box.value = worker
                return worker.begin(at: origin)
            }
            return Running(loop: loop, worker: box, end: end)
        }
        let signal = try await watch(running, from: origin, progress)
        var shares: [LoadShare] = []
        for worker in running { shares.append(try await worker.end.get()) }
        for connection in workers.flatMap(\.connections) { await connection.close() }
        return LoadResult(plan: plan, shares: shares, started: started, signal: signal)
    }

    private struct Running: Sendable {
        let loop: any EventLoop
        let worker: NIOLoopBoundBox<LoadWorker?>
        let end: EventLoopFuture<LoadShare>

        func tell(_ body: @escaping @Sendable (LoadWorker) -> Void) {
            let worker = worker
            loop.execute { if let worker = worker.value { body(worker) } }
        }
    }

    private func connections(share: Int, on loop: any EventLoop) -> [ClientConnection] {
        var configuration = ClientConfiguration()
        configuration.userAgent = "dien-client-load"
        return (0..<plan.connections(share: share)).map { _ in
            ClientConnection(
                host: plan.server.host, port: plan.server.port, configuration: configuration, group: loop)
        }
    }

    /// Makes the connection. Any answer will do, also that of a server without health checks.
    private func connect(_ connection: ClientConnection) async throws {
        do throws(RPCError) {
            let message = ByteBuffer(bytes: HealthCheckRequest(service: "").serialized())
            _ = try await connection.unary(.checkHealth, message, deadline: .after(plan.deadline))
        } catch {
            guard error.code != .unimplemented, error.code != .notFound else { return }
            throw error
        }
    }

    /// Waits for the workers, drawing the progress; returns the signal that ended them early.
    private func watch(
        _ running: [Running], from origin: NIODeadline, _ progress: LoadProgress
    ) async throws -> Int32? {
        let isDone = LoadFlag()
        EventLoopFuture.andAllComplete(running.map(\.end), on: running[0].loop).whenComplete { _ in
            isDone.set()
        }
        var signal: Int32?
        var interrupted: ContinuousClock.Instant?
        while !isDone.isSet {
            if signal == nil, let number = StopSignals.pending {
                signal = number
                interrupted = .now
                for worker in running { worker.tell { $0.stop() } }
            }
            if let interrupted, .now - interrupted > Self.patience {
                for worker in running { worker.tell { $0.abandon() } }
            }
            progress.show(elapsed: UInt64(max(0, (NIODeadline.now() - origin).nanoseconds)))
            try await Task.sleep(for: .milliseconds(20))
        }
        progress.finish()
        return signal
    }
}

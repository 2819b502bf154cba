import HTTP2
import NIOCore

/// One call on its connection's event loop. The connection keeps it until the stream closes.
final class ServerCall {
    let id: StreamID
    let entry: MethodTable.Entry
    let context: ServerContext
    let contentType: ResponseHead.ContentType
    var state: CallStateMachine
    /// Runs the handler, from the complete request or, for request streams, from the start.
    var task: Task<Void, Never>?
    var requests: RequestBuffer?
    var writer: ResponseWriter?
    /// Written bytes for which the writer has not been relieved, since the stream is congested.
    private var unrelievedBytes = 0
    /// Received content whose window the client has not got back.
    private(set) var heldBytes = 0
    /// The part of it in messages the handler has not taken.
    private var queuedBytes = 0
    private var isCounted = false
    /// When the request or the response last moved on.
    var lastReceived: NIODeadline
    var sendProgress: (pendingBytes: Int, since: NIODeadline)?

    init(
        id: StreamID, entry: MethodTable.Entry, context: ServerContext, contentType: ResponseHead.ContentType,
        maxMessageBytes: Int, now: NIODeadline
    ) {
        self.id = id
        self.entry = entry
        self.context = context
        self.contentType = contentType
        state = CallStateMachine(hasOneRequest: entry.handler.hasOneRequest, maxMessageBytes: maxMessageBytes)
        lastReceived = now
        entry.counters.open()
    }

    /// Counts how the call ended; the first word is the last.
    func countEnd(_ code: StatusCode) {
        guard !isCounted else { return }
        isCounted = true
        entry.counters.end(code)
    }

    /// Stops the handler and everything that waits for it.
    func cancel(_ error: RPCError) {
        task?.cancel()
        context.cancellation.cancel()
        requests?.fail(error)
        writer?.close()
    }

    /// Content came in. Returns the bytes to give back to flow control at once: all but those of whole messages that
    /// wait for the handler. Bytes of an unfinished message are given back, or one larger than the window never ends.
    func received(_ count: Int, queued messages: [ByteBuffer]) -> Int {
        heldBytes += count
        queuedBytes += messages.reduce(0) { $0 + $1.readableBytes + MessageFraming.prefixLength }
        return release()
    }

    /// The handler took messages of so many bytes. Returns the bytes to give back.
    func taken(_ count: Int) -> Int {
        queuedBytes -= count
        return release()
    }

    /// A message of so many bytes, with its prefix, went into the stream's queue.
    func sent(_ count: Int, isCongested: Bool) {
        unrelievedBytes += count
        if !isCongested { relieveWriter() }
    }

    /// The stream is not congested any more.
    func relieveWriter() {
        guard let writer, unrelievedBytes > 0 else { return }
        writer.relieve(unrelievedBytes)
        unrelievedBytes = 0
    }

    private func release() -> Int {
        let released = max(0, heldBytes - queuedBytes)
        heldBytes -= released
        return released
    }
}

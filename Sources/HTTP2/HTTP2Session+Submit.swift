import CNGHTTP2
public import NIOCore

extension HTTP2Session {
    /// Opens a stream (client only). `fields` hold the pseudo-header fields first.
    ///
    /// The request waits inside nghttp2 while the peer's limit of concurrent streams is reached.
    public func submitRequest(
        _ fields: [HeaderField], endStream: Bool
    ) throws(HTTP2Error) -> StreamID {
        precondition(state.role == .client, "only a client sends requests")
        var provider = unsafe makeDataProvider()
        let id = unsafe state.withNameValues(fields) { values, count in
            unsafe endStream
                ? nghttp2_submit_request(session, nil, values, count, nil, nil)
                : nghttp2_submit_request(session, nil, values, count, &provider, nil)
        }
        guard id > 0 else { throw HTTP2Error(id, call: "nghttp2_submit_request") }
        let stream = StreamState()
        if endStream { stream.ending = .data }
        state.streams[StreamID(rawValue: id)] = stream
        return StreamID(rawValue: id)
    }

    /// Answers a request (server only) with the response's header block. With `endStream` the block is the whole
    /// response, such as gRPC's trailers-only. Returns false if the stream is gone or was answered before.
    @discardableResult
    public func submitResponse(
        _ fields: [HeaderField], on id: StreamID, endStream: Bool
    ) -> Bool {
        guard let stream = state.streams[id], !stream.hasFinalHeaders else { return false }
        var provider = unsafe makeDataProvider()
        let code = unsafe state.withNameValues(fields) { values, count in
            unsafe endStream
                ? nghttp2_submit_response(session, id.rawValue, values, count, nil)
                : nghttp2_submit_response(session, id.rawValue, values, count, &provider)
        }
        stream.hasFinalHeaders = true
        if endStream { stream.ending = .data }
        return code == 0
    }

    /// Queues content behind the headers submitted before. Returns false if the stream is gone or has been ended.
    ///
    /// The session does not bound the queue: respect `pendingBytes(on:)` and `HTTP2Event.drained`.
    @discardableResult
    public func send(_ bytes: ByteBuffer, on id: StreamID) -> Bool {
        guard let stream = state.streams[id], case .open = stream.ending else { return false }
        stream.enqueue(bytes)
        state.pendingBytes += bytes.readableBytes
        if stream.pendingBytes > state.configuration.highWaterBytes { stream.isCongested = true }
        resume(stream, id)
        return true
    }

    /// Ends our side of the stream after the content queued so far, with trailers if given. Returns false if the
    /// stream is gone or has been ended.
    @discardableResult
    public func finish(_ id: StreamID, trailers: [HeaderField]? = nil) -> Bool {
        guard let stream = state.streams[id], case .open = stream.ending else { return false }
        stream.ending = trailers.map { .trailers($0) } ?? .data
        resume(stream, id)
        return true
    }

    /// Sends RST_STREAM: content still queued is dropped, and `closed` follows once it is drained.
    public func reset(_ id: StreamID, _ code: HTTP2ErrorCode) {
        guard let stream = state.streams[id] else { return }
        stream.wasResetByUs = true
        stream.ending = .data
        unsafe nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id.rawValue, code.rawValue)
    }

    /// Gives received content's bytes back to the stream's and the connection's window. Whatever a stream was not
    /// given is given back to the connection when it closes, so calls after that do nothing.
    public func consume(_ byteCount: Int, on id: StreamID) {
        guard byteCount > 0, let stream = state.streams[id] else { return }
        let count = min(byteCount, stream.unconsumedBytes)
        stream.unconsumedBytes -= count
        unsafe nghttp2_session_consume(session, id.rawValue, count)
    }

    /// Content queued on a stream and not yet drained; 0 if the stream is gone.
    public func pendingBytes(on id: StreamID) -> Int { state.streams[id]?.pendingBytes ?? 0 }

    /// The stream is over the high-water mark: writers should wait for `HTTP2Event.drained`.
    public func isCongested(_ id: StreamID) -> Bool { state.streams[id]?.isCongested ?? false }

    /// Queues a PING with this payload.
    public func ping(_ payload: UInt64) {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: payload >> (56 - 8 * $0)) }
        unsafe nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes)
    }

    private func resume(_ stream: StreamState, _ id: StreamID) {
        guard stream.isDeferred else { return }
        stream.isDeferred = false
        unsafe nghttp2_session_resume_data(session, id.rawValue)
    }
}

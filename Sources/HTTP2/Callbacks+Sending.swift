import CNGHTTP2

// nghttp2's callbacks for what goes out, called from within mem_send.

func registerSendingCallbacks(_ callbacks: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onFrameSend)
    unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, onFrameNotSend)
}

/// Every stream with content has this one data source; the stream is looked up by its identifier.
func makeDataProvider() -> nghttp2_data_provider {
    unsafe nghttp2_data_provider(source: nghttp2_data_source(), read_callback: readContent)
}

private func readContent(
    session: OpaquePointer?, id: Int32, target: UnsafeMutablePointer<UInt8>?, length: Int,
    flags: UnsafeMutablePointer<UInt32>?, _: UnsafeMutablePointer<nghttp2_data_source>?,
    userData: UnsafeMutableRawPointer?
) -> Int {
    unsafe withState(userData) { state in
        guard let stream = state.streams[StreamID(rawValue: id)] else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        let count = unsafe stream.dequeue(into: UnsafeMutableRawBufferPointer(start: target, count: length))
        state.didDequeue(count, from: stream, id: StreamID(rawValue: id))
        if stream.pendingBytes > 0 { return count }
        switch stream.ending {
        case .open:
            if count > 0 { return count }
            stream.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        case .data:
            unsafe flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
        case .trailers(let fields):
            // Only here, where the last content is framed, do trailers go out after it and not before.
            unsafe flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
            _ = unsafe state.withNameValues(fields) { values, count in
                unsafe nghttp2_submit_trailer(session, id, values, count)
            }
        }
        return count
    }
}

private func onFrameSend(
    session: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else { return 0 }
    unsafe withState(userData) { state in
        let header = unsafe frame.hd
        let id = StreamID(rawValue: header.stream_id)
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
            state.messageFramesSent += 1
            state.floodGuard.recordMessageFrame(received: false)
            if header.endsStream { unsafe state.endEarly(id, session: session) }
        case NGHTTP2_RST_STREAM.rawValue:
            if state.streams[id]?.wasResetByUs != true { state.record(.resetsInduced) }
        case NGHTTP2_GOAWAY.rawValue:
            if unsafe frame.goaway.error_code != HTTP2ErrorCode.noError.rawValue {
                state.isDead = true
            }
        default:
            break
        }
    }
    return 0
}

private func onFrameNotSend(
    _: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, _: Int32, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else { return 0 }
    unsafe withState(userData) { state in
        // A request refused by nghttp2 itself (after GOAWAY) may never have become a stream of its own.
        guard unsafe UInt32(frame.hd.type) == NGHTTP2_HEADERS.rawValue,
            unsafe frame.headers.cat == NGHTTP2_HCAT_REQUEST
        else { return }
        let id = unsafe StreamID(rawValue: frame.hd.stream_id)
        guard let stream = state.streams.removeValue(forKey: id) else { return }
        state.pendingBytes -= stream.pendingBytes
        state.append(.closed(id, .refusedStream))
    }
    return 0
}

extension SessionState {
    fileprivate func didDequeue(_ count: Int, from stream: StreamState, id: StreamID) {
        pendingBytes -= count
        if stream.isCongested, stream.pendingBytes <= configuration.lowWaterBytes {
            stream.isCongested = false
            append(.drained(id))
        }
    }

    /// RFC 9113, section 8.1: a server that answered in full before the request ended asks for the rest not to be
    /// sent. Without this the stream would stay open, and counted, until the client ends it.
    fileprivate func endEarly(_ id: StreamID, session: OpaquePointer?) {
        guard role == .server, let stream = streams[id],
            unsafe nghttp2_session_get_stream_remote_close(session, id.rawValue) == 0
        else { return }
        stream.wasResetByUs = true
        unsafe nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id.rawValue, HTTP2ErrorCode.noError.rawValue)
    }
}

import CNGHTTP2
import NIOCore

// nghttp2's callbacks for what comes in. Each unwraps its arguments and appends to the session's state.

/// The state behind a callback's user_data. nghttp2 holds it unretained: `HTTP2Session` owns both.
func withState<Result>(_ userData: UnsafeMutableRawPointer?, _ body: (SessionState) -> Result) -> Result {
    guard let userData = unsafe userData else { preconditionFailure("nghttp2 lost the session's user_data") }
    return unsafe Unmanaged<SessionState>.fromOpaque(userData)._withUnsafeGuaranteedRef(body)
}

func registerReceivingCallbacks(_ callbacks: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame)
    unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
    unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
    unsafe nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, onInvalidHeader)
    unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onDataChunk)
    unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame)
    unsafe nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, onInvalidFrame)
    unsafe nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, ignoreExtension)
    unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
}

private func onBeginFrame(
    _: OpaquePointer?, header: UnsafePointer<nghttp2_frame_hd>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let header = unsafe header?.pointee else { return 0 }
    unsafe withState(userData) { state in
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue, NGHTTP2_CONTINUATION.rawValue,
            NGHTTP2_RST_STREAM.rawValue, NGHTTP2_SETTINGS.rawValue, NGHTTP2_GOAWAY.rawValue:
            break
        default:
            state.record(.controlFrames)
        }
    }
    return 0
}

private func onBeginHeaders(
    _: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else { return 0 }
    unsafe withState(userData) { state in
        state.block.begin(at: state.now)
        if unsafe frame.headers.cat == NGHTTP2_HCAT_REQUEST {
            unsafe state.streams[StreamID(rawValue: frame.hd.stream_id)] = StreamState()
        }
    }
    return 0
}

private func onHeader(
    _: OpaquePointer?, _: UnsafePointer<nghttp2_frame>?,
    name: UnsafePointer<UInt8>?, nameLength: Int, value: UnsafePointer<UInt8>?, valueLength: Int,
    _: UInt8, userData: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe withState(userData) { state in
        guard
            state.block.admits(
                nameBytes: nameLength, valueBytes: valueLength, limits: state.configuration)
        else { return }
        let name = unsafe String(decoding: UnsafeBufferPointer(start: name, count: nameLength), as: UTF8.self)
        let value = unsafe String(
            decoding: UnsafeBufferPointer(start: value, count: valueLength), as: UTF8.self)
        state.block.append(HeaderField(name, value))
    }
    return 0
}

private func onInvalidHeader(
    _: OpaquePointer?, _: UnsafePointer<nghttp2_frame>?, _: UnsafePointer<UInt8>?, _: Int,
    _: UnsafePointer<UInt8>?, _: Int, _: UInt8, userData: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe withState(userData) { $0.record(.invalidFrames) }
    return 0  // the field is ignored
}

private func onDataChunk(
    _: OpaquePointer?, _: UInt8, stream: Int32, bytes: UnsafePointer<UInt8>?, count: Int,
    userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let bytes = unsafe bytes else { return 0 }
    unsafe withState(userData) { state in
        let id = StreamID(rawValue: stream)
        state.streams[id]?.unconsumedBytes += count
        unsafe state.append(.data(id, state.slice(bytes, count: count), endStream: false))
    }
    return 0
}

private func onFrame(
    session: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else { return 0 }
    unsafe withState(userData) { state in
        let header = unsafe frame.hd
        let id = StreamID(rawValue: header.stream_id)
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            unsafe state.receivedData(
                on: id, contentBytes: header.length - frame.data.padlen, endStream: header.endsStream)
        case NGHTTP2_HEADERS.rawValue:
            unsafe state.receivedHeaders(on: id, category: frame.headers.cat, endStream: header.endsStream)
        case NGHTTP2_RST_STREAM.rawValue:
            // A server that resets much is busy; a client that does may be an attacker.
            if state.role == .server { state.record(.resetsReceived) }
            unsafe state.append(.reset(id, HTTP2ErrorCode(rawValue: frame.rst_stream.error_code)))
        case NGHTTP2_SETTINGS.rawValue:
            unsafe state.receivedSettings(isAcknowledgement: header.isAcknowledgement, session: session)
        case NGHTTP2_PING.rawValue:
            unsafe state.append(
                header.isAcknowledgement ? .pingAcknowledged(frame.ping.payload) : .ping)
        case NGHTTP2_GOAWAY.rawValue:
            unsafe state.append(frame.goaway.event)
        default:
            break
        }
    }
    return 0
}

private func ignoreExtension(
    _: OpaquePointer?, _: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _: UnsafePointer<nghttp2_frame_hd>?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    NGHTTP2_ERR_CANCEL.rawValue
}

private func onInvalidFrame(
    _: OpaquePointer?, _: UnsafePointer<nghttp2_frame>?, _: Int32, userData: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe withState(userData) { $0.record(.invalidFrames) }
    return 0
}

private func onStreamClose(
    session: OpaquePointer?, stream: Int32, code: UInt32, userData: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe withState(userData) { state in
        let id = StreamID(rawValue: stream)
        guard let closed = state.streams.removeValue(forKey: id) else { return }
        state.pendingBytes -= closed.pendingBytes
        if closed.unconsumedBytes > 0 {
            // With manual window updates nghttp2 does not give a closed stream's bytes back to the connection.
            unsafe nghttp2_session_consume_connection(session, closed.unconsumedBytes)
        }
        if code == HTTP2ErrorCode.noError.rawValue { state.floodGuard.recordAnsweredStream() }
        state.append(.closed(id, HTTP2ErrorCode(rawValue: code)))
    }
    return 0
}

extension SessionState {
    fileprivate func receivedData(on id: StreamID, contentBytes: Int, endStream: Bool) {
        if contentBytes > 0 || endStream {
            floodGuard.recordMessageFrame(received: true)
        } else {
            record(.emptyData)
        }
        guard endStream else { return }
        // The frame's last chunk carries the flag, if it is still the newest event.
        if case .data(id, let bytes, endStream: false) = events.last, violation == nil {
            events[events.index(before: events.endIndex)] = .data(id, bytes, endStream: true)
        } else {
            append(.data(id, ByteBuffer(), endStream: true))
        }
    }

    fileprivate func receivedHeaders(on id: StreamID, category: nghttp2_headers_category, endStream: Bool) {
        floodGuard.recordMessageFrame(received: true)
        var kind = HeaderBlock.Kind.request
        if category != NGHTTP2_HCAT_REQUEST {
            // A final response after 1xx has the category of trailers in nghttp2.
            kind = role == .client && streams[id]?.hasFinalHeaders == false ? .response : .trailers
        }
        let block = block.finish(kind: kind, endStream: endStream)
        if block.isOversized { record(.oversizedHeaders) }
        if kind == .response {
            if block.first(":status")?.first == "1" { return }
            streams[id]?.hasFinalHeaders = true
        }
        append(.headers(id, block))
    }

    fileprivate func receivedSettings(isAcknowledgement: Bool, session: OpaquePointer?) {
        if isAcknowledgement { return append(.settingsAcknowledged) }
        record(.settings)
        append(
            .settings(
                unsafe PeerSettings(
                    maxConcurrentStreams: nghttp2_session_get_remote_settings(
                        session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS),
                    initialWindowSize: nghttp2_session_get_remote_settings(
                        session, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE),
                    maxFrameSize: nghttp2_session_get_remote_settings(
                        session, NGHTTP2_SETTINGS_MAX_FRAME_SIZE),
                    maxHeaderListSize: nghttp2_session_get_remote_settings(
                        session, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE))))
    }
}

import CNGHTTP2

/// Makes the nghttp2 session, which refers to `state` without owning it.
func makeSession(_ state: SessionState) throws(HTTP2Error) -> OpaquePointer {
    var callbacks: OpaquePointer?
    var options: OpaquePointer?
    var session: OpaquePointer?
    guard unsafe nghttp2_session_callbacks_new(&callbacks) == 0 else { throw .outOfMemory }
    defer { unsafe nghttp2_session_callbacks_del(callbacks) }
    guard unsafe nghttp2_option_new(&options) == 0 else { throw .outOfMemory }
    defer { unsafe nghttp2_option_del(options) }
    unsafe registerReceivingCallbacks(callbacks)
    unsafe registerSendingCallbacks(callbacks)
    unsafe apply(state.configuration, to: options)
    let userData = unsafe Unmanaged.passUnretained(state).toOpaque()
    var code =
        switch state.role {
        case .server: unsafe nghttp2_session_server_new2(&session, callbacks, userData, options)
        case .client: unsafe nghttp2_session_client_new2(&session, callbacks, userData, options)
        }
    guard code == 0, let session = unsafe session else { throw HTTP2Error(code, call: "nghttp2_session_new") }
    code = unsafe submitInitialSettings(session, role: state.role, configuration: state.configuration)
    guard code == 0 else {
        unsafe nghttp2_session_del(session)
        throw HTTP2Error(code, call: "nghttp2_submit_settings")
    }
    return unsafe session
}

private func apply(_ configuration: HTTP2Configuration, to options: OpaquePointer?) {
    // Window updates follow consumption, so that a slow handler slows its client down.
    unsafe nghttp2_option_set_no_auto_window_update(options, 1)
    unsafe nghttp2_option_set_max_continuations(options, configuration.maxContinuations)
    unsafe nghttp2_option_set_max_settings(options, configuration.maxSettingsEntries)
    unsafe nghttp2_option_set_max_outbound_ack(options, configuration.maxOutboundAcknowledgements)
    // Unknown frames are to be ignored (RFC 9113, section 4.1), but only those asked for are reported and can be counted.
    for type in UInt8(NGHTTP2_ORIGIN.rawValue + 1)...UInt8.max {
        unsafe nghttp2_option_set_user_recv_extension_type(options, type)
    }
    // `FloodGuard` counts resets, with credit for answered streams and also during shutdown, when nghttp2 stops
    // counting; its own limit stays as the outer bound.
    unsafe nghttp2_option_set_stream_reset_rate_limit(options, 10_000, 1_000)
}

/// Queues our SETTINGS, and the larger connection window right behind them.
private func submitInitialSettings(
    _ session: OpaquePointer, role: HTTP2Session.Role, configuration: HTTP2Configuration
) -> Int32 {
    func entry(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
    }
    var entries = [
        entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(configuration.streamWindowBytes)),
        entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(configuration.maxHeaderListBytes)),
        entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
    ]
    switch role {
    case .server:
        entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, configuration.maxConcurrentStreams))
    case .client: entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    }
    let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
    let code = unsafe nghttp2_submit_settings(session, flags, entries, entries.count)
    guard code == 0 else { return code }
    return unsafe nghttp2_session_set_local_window_size(
        session, flags, 0, configuration.connectionWindowBytes)
}

extension HTTP2Error {
    init(_ code: Int32, call: StaticString) {
        switch code {
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: self = .badPreface
        case NGHTTP2_ERR_FLOODED.rawValue: self = .flooded
        case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue: self = .tooManyContinuations
        case NGHTTP2_ERR_NOMEM.rawValue: self = .outOfMemory
        case NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE.rawValue: self = .streamNotAllowed
        default: self = .library(code: code, call: call)
        }
    }
}

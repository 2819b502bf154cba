import CNGHTTP2

extension HTTP2Session {
    /// First step of a graceful shutdown (RFC 9113, section 6.8; server only): GOAWAY with the highest identifier,
    /// so that the client stops opening streams, while those on their way are still accepted.
    public func announceShutdown() {
        unsafe nghttp2_submit_shutdown_notice(session)
    }

    /// Second step: GOAWAY with the last stream accepted. Newer ones are ignored; `isFinished` becomes true when the
    /// last open stream closes.
    public func refuseNewStreams(debugData: String = "") {
        submitGoAway(.noError, debugData: debugData)
    }

    /// GOAWAY with an error: `isFinished` is true once it is drained.
    public func terminate(_ code: HTTP2ErrorCode, debugData: String = "") {
        submitGoAway(code, debugData: debugData)
    }

    private func submitGoAway(_ code: HTTP2ErrorCode, debugData: String) {
        let bytes = Array(debugData.utf8)
        unsafe nghttp2_submit_goaway(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(session),
            code.rawValue, bytes, bytes.count)
    }
}

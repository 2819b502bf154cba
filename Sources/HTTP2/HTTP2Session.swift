import CNGHTTP2
public import NIOCore

/// One HTTP/2 connection, without any I/O: bytes in, events out, bytes out. Owns one nghttp2 session.
///
/// The cycle of its user: `receive` the bytes read, handle every `nextEvent`, then write what `drain` gives, and
/// close once `isFinished`. Not Sendable: it belongs to one event loop. A handle on the state nghttp2 changes, so its
/// methods do not mutate it; being noncopyable it is the only handle.
@safe public struct HTTP2Session: ~Copyable {
    /// Which end of the connection this is.
    public enum Role: Sendable {
        case client
        case server
    }

    let session: OpaquePointer
    let state: SessionState

    /// Makes a session whose first bytes (SETTINGS, for a client after the preface) wait in `drain`.
    public init(role: Role, configuration: HTTP2Configuration = HTTP2Configuration()) throws(HTTP2Error) {
        state = SessionState(role: role, configuration: configuration)
        unsafe session = try makeSession(state)
    }

    deinit {
        // Does not report open streams as closed; they go with `state`.
        unsafe nghttp2_session_del(session)
    }

    /// Takes bytes from the peer. What they mean is told by `nextEvent`; `data` events share the storage of `bytes`.
    ///
    /// Protocol errors of the peer are not thrown: GOAWAY is queued and the rest ignored. Throws when the session is dead.
    public func receive(_ bytes: ByteBuffer, now: NIODeadline = .now()) throws(HTTP2Error) {
        guard state.violation == nil else { return }
        state.now = now
        state.input = bytes
        let taken = unsafe bytes.withUnsafeReadableBytes { input in
            unsafe state.inputStart = input.baseAddress
            return unsafe nghttp2_session_mem_recv(
                session, input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count)
        }
        unsafe state.inputStart = nil
        state.input = ByteBuffer()
        if taken < 0, state.violation != nil {
            // The session died of what had been found to be a flood already: no GOAWAY can be sent any more.
            state.answeredViolation = true
            state.isDead = true
            return
        }
        guard taken >= 0 else { throw HTTP2Error(Int32(taken), call: "nghttp2_session_mem_recv") }
        _ = answerViolation()
    }

    /// The oldest event not yet told.
    public func nextEvent() -> HTTP2Event? {
        state.events.popFirst()
    }

    /// Appends what is ready to be sent to `output`, stopping soon after it holds `limit` bytes (by at most one
    /// frame). Returns true if it stopped for the limit, and there may be more.
    public func drain(
        into output: inout ByteBuffer, limit: Int = .max, now: NIODeadline = .now()
    ) throws(HTTP2Error) -> Bool {
        state.now = now
        while output.readableBytes < limit {
            var chunk: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(session, &chunk)
            guard count >= 0 else { throw HTTP2Error(Int32(count), call: "nghttp2_session_mem_send") }
            if count == 0 {
                if answerViolation() { continue }
                return false
            }
            unsafe output.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
        }
        return true
    }

    /// Nothing more is to be read or written: close the connection once the drained bytes are flushed.
    public var isFinished: Bool {
        unsafe state.isDead
            || (nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0)
    }

    /// There are bytes to `drain`.
    public var wantsWrite: Bool { unsafe nghttp2_session_want_write(session) != 0 }

    /// Streams that have not been told `closed`.
    public var openStreamCount: Int { state.streams.count }

    /// Content queued on all streams and not yet drained.
    public var pendingBytes: Int { state.pendingBytes }

    /// HEADERS and DATA frames drained so far, for keepalive rules.
    public var messageFramesSent: UInt64 { state.messageFramesSent }

    /// When the header block began that is still incomplete, or nil.
    public var headerBlockSince: NIODeadline? { state.block.since }

    /// Queues the one GOAWAY that a violation of `FloodLimits` deserves; false if there is none to queue.
    private func answerViolation() -> Bool {
        guard let kind = state.violation, !state.answeredViolation else { return false }
        state.answeredViolation = true
        terminate(.enhanceYourCalm, debugData: kind.description)
        return true
    }
}

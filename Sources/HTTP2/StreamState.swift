import NIOCore

/// What the session keeps for one open stream. Lives in `SessionState.streams` from the first header (or
/// `submitRequest`) until nghttp2's on_stream_close, and dies with the session at the latest.
final class StreamState {
    /// How the local side ends.
    enum Ending {
        case open
        /// END_STREAM on the last DATA frame.
        case data
        /// END_STREAM on a HEADERS frame after the last DATA frame.
        case trailers([HeaderField])
    }

    /// Content not yet framed.
    private(set) var outbound = ByteBuffer()
    var ending = Ending.open
    /// nghttp2 has been given a data source that said DEFERRED and waits for resume_data.
    var isDeferred = false
    /// Above the high-water mark since, and not yet told to have drained.
    var isCongested = false
    /// Content handed out as events and not yet consumed; goes back to the connection's window on close.
    var unconsumedBytes = 0
    /// We sent RST_STREAM by our own will, so it must not count against the peer.
    var wasResetByUs = false
    /// A final response went out, or came in: what follows is trailers.
    var hasFinalHeaders = false

    var pendingBytes: Int { outbound.readableBytes }

    func enqueue(_ bytes: ByteBuffer) {
        if outbound.readableBytes == 0 {
            outbound = bytes
        } else {
            var bytes = bytes
            outbound.writeBuffer(&bytes)
        }
    }

    /// Moves at most `target.count` queued bytes into `target`; returns how many.
    func dequeue(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, outbound.readableBytes)
        guard count > 0 else { return 0 }
        unsafe outbound.readWithUnsafeReadableBytes { source in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
            return count
        }
        if outbound.readableBytes == 0 {
            outbound = ByteBuffer()
        } else if outbound.readerIndex > 1 << 20 {
            outbound.discardReadBytes()
        }
        return count
    }
}

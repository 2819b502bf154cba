import CNGHTTP2

extension nghttp2_frame_hd {
    var endsStream: Bool { flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 }
    var isAcknowledgement: Bool { flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0 }
}

extension nghttp2_ping {
    /// The eight opaque octets as a big-endian number.
    var payload: UInt64 {
        let bytes = opaque_data
        return [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5, bytes.6, bytes.7]
            .reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension nghttp2_goaway {
    var event: HTTP2Event {
        let debugData = unsafe String(
            decoding: UnsafeBufferPointer(start: opaque_data, count: opaque_data_len), as: UTF8.self)
        return unsafe .goAway(
            lastStreamID: StreamID(rawValue: last_stream_id), HTTP2ErrorCode(rawValue: error_code),
            debugData: debugData)
    }
}

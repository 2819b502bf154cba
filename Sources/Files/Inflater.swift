internal import CZlib

/// Unpacks gzip data that comes piece by piece, members one after another (RFC 1952, 2.2).
@safe final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let path: String
    /// Whether a member has ended and none has begun.
    private(set) var isBetweenMembers = false

    init(path: String) throws(FileError) {
        self.path = path
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits is the largest window; 16 more asks for the gzip format with its check sum.
        let status = unsafe inflateInit2_(
            stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw .malformedArchive(path: path, reason: "zlib cannot start: status \(status)")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Unpacks from a part of `source` into the front of `target`; tells how many bytes were used and made.
    func inflate(
        _ source: [UInt8], _ range: Range<Int>, into target: inout [UInt8]
    ) throws(FileError) -> (used: Int, made: Int) {
        if isBetweenMembers {
            // Some writers fill up the last block with zeros; gzip(1) ignores them too.
            if source[range.lowerBound] == 0 { return (1, 0) }
            unsafe inflateReset(stream)
            isBetweenMembers = false
        }
        var status = Z_OK
        let before = (input: range.count, output: target.count)
        unsafe source.withUnsafeBufferPointer { input in
            unsafe target.withUnsafeMutableBufferPointer { output in
                // zlib does not write through next_in; its type lacks the const.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress! + range.lowerBound)
                unsafe stream.pointee.avail_in = UInt32(range.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        let used = unsafe before.input - Int(stream.pointee.avail_in)
        let made = unsafe before.output - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: isBetweenMembers = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw .malformedArchive(path: path, reason: "damaged gzip data (zlib status \(status))")
        }
        return (used, made)
    }
}

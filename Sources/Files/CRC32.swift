internal import CZlib

/// The check sum of gzip (RFC 1952, 8), by zlib: it finds damage, not forgery.
public enum CRC32 {
    /// The sum of these bytes.
    public static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: unsafe crc32_z(0, buffer.baseAddress, buffer.count))
        }
    }
}

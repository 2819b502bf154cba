internal import Glibc

/// Runs a system call, again while a signal interrupts it; a negative result becomes a `FileError`.
/// Not for fsync and close, whose effect after an error is unknown.
@discardableResult
func retryingInterrupts<Result: FixedWidthInteger & SignedInteger>(
    _ operation: FileOperation, _ path: String, _ call: () -> Result
) throws(FileError) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw .system(operation, path: path, errno: code) }
    }
}

/// Runs a system call exactly once.
func once(_ operation: FileOperation, _ path: String, _ call: () -> Int32) throws(FileError) {
    if call() < 0 { throw .system(operation, path: path, errno: errno) }
}

/// Writes all of `bytes` with as many calls as that takes; `call` has the contract of write(2).
func writeAll(
    _ bytes: Span<UInt8>, path: String, _ call: (UnsafeRawPointer?, Int) -> Int
) throws(FileError) {
    var written = 0
    while written < bytes.count {
        let rest = bytes.extracting(written..<bytes.count)
        let count = try retryingInterrupts(.write, path) {
            unsafe rest.withUnsafeBytes { unsafe call($0.baseAddress, $0.count) }
        }
        // write(2) never returns 0 for a regular file and a positive count; looping on it would never end.
        if count == 0 { throw .system(.write, path: path, errno: EIO) }
        written += count
    }
}

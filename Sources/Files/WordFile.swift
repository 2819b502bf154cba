internal import Glibc

/// A temporary file of 64-bit words without a name: it is gone when the object or the process is. Owned by one thread.
public final class WordFile {
    private let path: String
    private let descriptor: Int32
    /// Words in it.
    public private(set) var count = 0

    /// Creates one in a folder.
    public init(in folder: String) throws(FileError) {
        path = "\(folder)/.words.\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let path = path
        descriptor = try retryingInterrupts(.create, path) {
            unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        unsafe _ = unlink(path)
    }

    deinit { _ = close(descriptor) }

    /// Appends words.
    public func append(_ words: [UInt64]) throws(FileError) {
        var written = 0
        let begin = count * 8
        while written < words.count * 8 {
            let made = try retryingInterrupts(.write, path) {
                unsafe words.withUnsafeBytes {
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[written...])
                    return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(begin + written))
                }
            }
            if made == 0 { throw .inputOutput(.write, path: path) }
            written += made
        }
        count += words.count
    }

    /// Reads the words in `range` over the front of `target`; precondition: both have them.
    public func read(_ range: Range<Int>, into target: inout [UInt64]) throws(FileError) {
        precondition(
            range.upperBound <= count && range.count <= target.count, "beyond the file or the target")
        var done = 0
        while done < range.count * 8 {
            let made = try retryingInterrupts(.read, path) {
                unsafe target.withUnsafeMutableBytes {
                    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: $0[done..<range.count * 8])
                    return unsafe pread(
                        descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound * 8 + done))
                }
            }
            if made == 0 { throw .inputOutput(.read, path: path) }
            done += made
        }
    }
}

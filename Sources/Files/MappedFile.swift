internal import Glibc

/// A regular file mapped read-only and shared: two versions that name one blob share its pages.
///
/// The bytes stay valid as long as the object lives, also after the file is unlinked or replaced by rename. They must
/// never be truncated or written in place: whoever maps a file relies on it being immutable.
@safe public final class MappedFile: @unchecked Sendable {
    // @unchecked because the mapping is read-only from init to deinit, and both fields are constants.
    private let base: UnsafeMutableRawPointer?
    /// Size in bytes.
    public let count: Int
    /// The path it was mapped from, for messages.
    public let path: String

    /// Maps a whole regular file (an empty one too); the descriptor is closed again.
    public init(path: String) throws(FileError) {
        let (descriptor, size) = try LocalFileSystem.openRegular(path)
        defer { _ = close(descriptor) }
        guard let count = Int(exactly: size) else { throw .system(.mmap, path: path, errno: EFBIG) }
        self.path = path
        self.count = count
        // mmap refuses a length of zero.
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw .system(.mmap, path: path, errno: errno)
        }
        unsafe base = mapped
    }

    /// A copy of `bytes` in anonymous memory: what a file system that lives in memory maps.
    public init(copying bytes: [UInt8], path: String) throws(FileError) {
        self.path = path
        count = bytes.count
        guard !bytes.isEmpty else {
            unsafe base = nil
            return
        }
        let mapped = unsafe mmap(
            nil, bytes.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw .system(.mmap, path: path, errno: errno)
        }
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(start: mapped, count: source.count).copyMemory(from: source)
        }
        unsafe base = mapped
    }

    deinit {
        if let base = unsafe base { unsafe _ = munmap(base, count) }
    }

    /// The content; may not outlive the object.
    public var bytes: RawSpan {
        @_lifetime(borrow self) get {
            guard let base = unsafe base else { return RawSpan() }
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy of a part of the content; the range must lie within `0..<count`.
    public func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range beyond the mapped file")
        return unsafe bytes.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

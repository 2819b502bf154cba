internal import Glibc

/// A regular file mapped read-only and shared: two versions that name one blob share its pages.
///
/// The bytes stay valid as long as the object lives, also after the file is unlinked or replaced by rename. They must
/// never be truncated or written in place: whoever maps a file relies on it being immutable. A page that the file loses
/// all the same reads as zeros, and ``isDamaged`` turns true.
@safe public final class MappedFile: @unchecked Sendable {
    // @unchecked because the mapping is read-only from the end of init to deinit, and all fields are constants.
    /// The whole mapping; nil where there are no bytes.
    let mapping: UnsafeMutableRawBufferPointer?
    private let region: GuardedRegion?
    /// Size in bytes.
    public let count: Int
    /// The path it was mapped from, for messages.
    public let path: String

    /// Maps a whole regular file (an empty one too); the descriptor is closed again.
    ///
    /// - Throws: `tooManyMappings` when the table of guarded mappings is full: an unguarded one would let a truncated
    ///   file kill the process.
    public init(path: String) throws(FileError) {
        let (descriptor, count) = try Self.open(path, limit: .max)
        defer { _ = close(descriptor) }
        self.path = path
        self.count = count
        // mmap refuses a length of zero.
        guard count > 0 else {
            unsafe mapping = nil
            region = nil
            return
        }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw .system(.mmap, path: path, errno: errno)
        }
        guard let region = unsafe GuardedRegion(UnsafeRawBufferPointer(start: mapped, count: count)) else {
            unsafe _ = munmap(mapped, count)
            throw .tooManyMappings(path: path, limit: GuardedRegion.limit)
        }
        unsafe mapping = UnsafeMutableRawBufferPointer(start: mapped, count: count)
        self.region = region
    }

    /// Reads a whole regular file into memory of this process: for file systems that may fail after the file was opened.
    ///
    /// - Parameter limit: the most bytes; a larger file is refused before memory is taken.
    /// - Throws: `changed` when the file is not as long as it was when it was opened.
    public init(reading path: String, limit: Int = .max) throws(FileError) {
        let (descriptor, count) = try Self.open(path, limit: limit)
        defer { _ = close(descriptor) }
        self.path = path
        self.count = count
        region = nil
        guard count > 0 else {
            unsafe mapping = nil
            return
        }
        let memory = unsafe try mapAnonymous(count, path: path)
        // Random rows of a large table hit the TLB less often in huge pages.
        unsafe _ = madvise(memory.baseAddress, count, MADV_HUGEPAGE)
        do { unsafe try readWhole(descriptor, into: memory, path: path) } catch {
            unsafe _ = munmap(memory.baseAddress, count)
            throw error
        }
        unsafe _ = mprotect(memory.baseAddress, count, PROT_READ)
        unsafe mapping = memory
    }

    /// A copy of `bytes` in anonymous memory: what a file system that lives in memory maps.
    public init(copying bytes: [UInt8], path: String) throws(FileError) {
        self.path = path
        count = bytes.count
        region = nil
        guard !bytes.isEmpty else {
            unsafe mapping = nil
            return
        }
        let memory = unsafe try mapAnonymous(bytes.count, path: path)
        unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
        unsafe mapping = memory
    }

    deinit {
        // First the guard: another mapping may stand at the address as soon as this one is gone.
        region?.release()
        if let mapping = unsafe mapping { unsafe _ = munmap(mapping.baseAddress, mapping.count) }
    }

    /// Whether a page of the file was lost since it was mapped (the file was truncated, or its disk failed), and zeros
    /// stand in its place: what was computed from it means nothing. One load, and never false again. Not noticed: what
    /// writes into the file in place, and a truncation within its last page.
    public var isDamaged: Bool { region?.isDamaged ?? false }

    private static func open(_ path: String, limit: Int) throws(FileError) -> (descriptor: Int32, count: Int)
    {
        let (descriptor, size) = try LocalFileSystem.openRegular(path)
        guard let count = Int(exactly: size), count <= limit else {
            _ = close(descriptor)
            throw .tooLarge(path: path, bytes: size, limit: limit)
        }
        return (descriptor, count)
    }

    /// The content; may not outlive the object.
    public var bytes: RawSpan {
        @_lifetime(borrow self) get {
            guard let mapping = unsafe mapping else { return RawSpan() }
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(mapping))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy of a part of the content; the range must lie within `0..<count`.
    public func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range beyond the mapped file")
        return unsafe bytes.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

/// A file created by `FileSystem.createFile`, owned by one thread. Dropping it closes it.
public protocol WritableFile: AnyObject {
    /// Where it was created.
    var path: String { get }
    /// Reserves space for `count` bytes, so that a full disk fails here and not half-way through the content.
    func preallocate(_ count: UInt64) throws(FileError)
    /// Appends all of `bytes`.
    func write(_ bytes: Span<UInt8>) throws(FileError)
    /// Makes the content durable. After an error the content is unknown: give the file up, never call it again.
    func synchronize() throws(FileError)
    /// Locks it exclusively until it is closed: for a file that tells by its lock that its writer lives.
    func lock() throws(FileError)
    /// Sets mode 0444: the content is final.
    func makeReadOnly() throws(FileError)
    /// Closes it; later calls fail.
    func close() throws(FileError)
}

/// A file opened by `FileSystem.openFile`, owned by one thread. Dropping it closes it.
public protocol ReadableFile: AnyObject {
    /// Its size in bytes when it was opened.
    var size: UInt64 { get }
    /// Reads at most `buffer.count` bytes into the front of `buffer`; 0 is the end of the file.
    func read(into buffer: inout [UInt8]) throws(FileError) -> Int
}

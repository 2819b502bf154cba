public import Files
internal import Synchronization

/// Keeps the log of a server: takes records from any thread without waiting, and writes them when it is told to, on a thread
/// that has time.
///
/// What the disk does never reaches a request: records that find no room are dropped and counted, and after an error
/// everything is dropped for a while, then another file is tried.
public final class RequestLogWriter: Sendable {
    /// What became of the records.
    public struct Counts: Sendable, Equatable {
        /// Written to a file.
        public var written: UInt64 = 0
        /// Dropped, since too much waited already.
        public var full: UInt64 = 0
        /// Dropped, since other threads were handing theirs in at that moment.
        public var busy: UInt64 = 0
        /// Dropped, since the disk failed or had failed before, or since they are larger than a file.
        public var failed: UInt64 = 0
        /// How often the disk failed.
        public var failures: UInt64 = 0
        /// Bytes of the folder's files.
        public var folderBytes: UInt64 = 0
    }

    /// How much of what is logged.
    public let options: RequestLogOptions
    private let queue: RecordQueue
    private let file: Mutex<RotatingFile>
    private let counted: Mutex<Counts>
    private let turn = Atomic(0)
    private let fullCount = Atomic<UInt64>(0)
    private let busyCount = Atomic<UInt64>(0)
    private let onFailure: @Sendable (FileError) -> Void
    /// Of the monotonic clock, in nanoseconds: nothing is written before.
    private let retry = Atomic<UInt64>(0)
    /// From an error to the next try.
    private static let pause: UInt64 = 5_000_000_000

    /// Creates the folder where it is missing, and the first file, so that what will not work is known now.
    ///
    /// - Parameters:
    ///   - files: what the folder stands on.
    ///   - onFailure: told of each error of the disk, by ``drain(now:)``.
    /// - Throws: `bounds`; `file` where nothing can be written there.
    public init(
        _ folder: String, _ options: RequestLogOptions = RequestLogOptions(),
        files: any FileSystem = LocalFileSystem(),
        onFailure: @escaping @Sendable (FileError) -> Void = { _ in }
    ) throws(RequestLogError) {
        try options.check()
        self.options = options
        self.onFailure = onFailure
        queue = RecordQueue(bytes: options.waitingBytes)
        let rotating = RotatingFile(folder: folder, options: options, files: files)
        do throws(FileError) {
            try files.createDirectory(folder)
            try rotating.begin()
        } catch { throw .file(error) }
        counted = Mutex(Counts(folderBytes: rotating.folderBytes))
        file = Mutex(rotating)
    }

    /// Takes a record, or drops it: never waits. The caller has asked ``RequestLogOptions/isSampled(_:)`` before.
    public func append(_ record: RequestLogRecord) {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        switch queue.add(record, turn: turn) {
        case nil: break
        case .full: fullCount.wrappingAdd(1, ordering: .relaxed)
        case .busy: busyCount.wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// Writes what waits. One thread does it, again and again.
    ///
    /// - Parameter now: nanoseconds of the monotonic clock.
    public func drain(now: UInt64 = MonotonicClock.nanoseconds()) {
        let records = queue.takeAll()
        guard !records.isEmpty else { return }
        let encoded = now < retry.load(ordering: .relaxed) ? [] : records.compactMap(\.encoded)
        file.withLock { file in
            var written = 0
            do throws(FileError) { written = try file.append(encoded) } catch {
                retry.store(now + Self.pause, ordering: .relaxed)
                counted.withLock { $0.failures += 1 }
                onFailure(error)
            }
            counted.withLock { counts in
                counts.written += UInt64(written)
                counts.failed += UInt64(records.count - written)
                counts.folderBytes = file.folderBytes
            }
        }
    }

    /// Writes what waits and ends the file.
    public func close() {
        drain()
        file.withLock { file in
            do throws(FileError) { try file.close() } catch { onFailure(error) }
        }
    }

    /// What became of the records so far.
    public var counts: Counts {
        var counts = counted.withLock { $0 }
        counts.full = fullCount.load(ordering: .relaxed)
        counts.busy = busyCount.load(ordering: .relaxed)
        return counts
    }
}

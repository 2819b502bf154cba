internal import Files

/// Reads the files of a log one after another, the oldest first, or one file. Owned by one thread.
public final class RequestLogScan {
    /// What was met that is not as it was written, or could not be read.
    public struct Finding: Sendable, Equatable {
        /// The file.
        public let file: String
        /// One sentence.
        public let description: String
        /// Whether it is what a crash leaves behind, or a writer that is at work, and nothing worse.
        public let isTorn: Bool
    }

    /// The log's files that can be read: their paths.
    public let files: [String]
    /// Bytes of all files.
    public let size: UInt64
    /// Bytes read so far; for progress.
    public var offset: UInt64 { finished + (reader?.offset ?? 0) }
    /// The smallest share of requests that the files so far say was logged, 0 to 1; nil before the first.
    public private(set) var share: Double?
    /// What was met so far.
    public private(set) var findings: [Finding] = []
    /// Records of kinds that this program does not know, so far.
    public private(set) var unknownRecords = 0
    private var waiting: [String]
    private var reader: RequestLogReader?
    private var current = ""
    private var finished: UInt64 = 0
    private let isFolder: Bool

    /// A scan of a folder, or of a file.
    ///
    /// - Throws: `file` where nothing stands at the path.
    public init(_ path: String) throws(RequestLogError) {
        do throws(FileError) {
            files = try RequestLogFolder.files(path)
            var size: UInt64 = 0
            for file in files { size += try LocalFileSystem().status(file)?.size ?? 0 }
            self.size = size
        } catch { throw .file(error) }
        isFolder = files != [path]
        waiting = files.reversed()
    }

    /// The next record; nil at the end. A file of a folder that is none, or that the writer has removed meanwhile, is a
    /// finding.
    ///
    /// - Throws: what is wrong with the one file that was named; `file` where reading fails.
    public func next() throws(RequestLogError) -> RequestLogRecord? {
        while true {
            if reader == nil { reader = try openNext() }
            guard let reader else { return nil }
            do throws(FileError) {
                if let record = try reader.next() { return record }
            } catch { throw .file(error) }
            findings += reader.damage.map {
                Finding(file: current, description: $0.description, isTorn: $0.isTorn)
            }
            unknownRecords += reader.unknownRecords
            finished += reader.size
            self.reader = nil
        }
    }

    private func openNext() throws(RequestLogError) -> RequestLogReader? {
        while let path = waiting.popLast() {
            current = path
            do throws(RequestLogError) {
                let opened = try RequestLogReader(path)
                share = min(share ?? 1, Double(opened.header.shareMillionths) / 1e6)
                return opened
            } catch {
                guard isFolder else { throw error }
                if case .file(let cause) = error, cause.isNotFound { continue }
                findings.append(Finding(file: path, description: error.description, isTorn: false))
            }
        }
        return nil
    }
}

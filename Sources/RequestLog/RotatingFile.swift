internal import Files

/// The file of a folder that is written now, and the rule by which the oldest ones go. Owned by one thread.
final class RotatingFile {
    private let folder: String
    private let options: RequestLogOptions
    private let files: any FileSystem
    private let writer: UInt64
    private var file: (any WritableFile)?
    private var fileCount: UInt64 = 0
    /// Bytes of all files of the folder when the newest was begun, and what was written since.
    private(set) var folderBytes: UInt64 = 0

    init(folder: String, options: RequestLogOptions, files: any FileSystem) {
        self.folder = folder
        self.options = options
        self.files = files
        writer = .random(in: .min ... .max)
    }

    /// Appends records, each whole, and tells how many went in; one that no file has room for is left out.
    ///
    /// - Throws: what the disk says. The file is given up then, since nobody knows where it ends; the next call begins
    ///   another.
    func append(_ records: [[UInt8]]) throws(FileError) -> Int {
        var count = 0
        var batch: [UInt8] = []
        do {
            for record in records {
                let size = UInt64(record.count)
                guard size <= options.fileBytes - UInt64(RequestLogHeader.count) else { continue }
                if file == nil || fileCount + UInt64(batch.count) + size > options.fileBytes {
                    try write(&batch)
                    try begin()
                }
                batch += record
                count += 1
                if batch.count >= 1 << 20 { try write(&batch) }
            }
            try write(&batch)
        } catch {
            file = nil
            throw error
        }
        return count
    }

    /// Ends the file. One without a record leaves nothing behind.
    func close() throws(FileError) {
        guard let closing = file else { return }
        file = nil
        try closing.close()
        if fileCount == UInt64(RequestLogHeader.count) { try files.unlink(closing.path) }
    }

    private func write(_ batch: inout [UInt8]) throws(FileError) {
        guard !batch.isEmpty, let file else { return }
        try file.write(batch.span)
        fileCount += UInt64(batch.count)
        folderBytes += UInt64(batch.count)
        batch.removeAll(keepingCapacity: true)
    }

    /// The next file, locked so that other writers of the folder leave it alone, after room was made for it.
    func begin() throws(FileError) {
        try close()
        try makeRoom()
        let now = WallClock.unixMilliseconds()
        let name = RequestLogFolder.name(unixMilliseconds: now, number: .random(in: .min ... .max))
        let next = try files.createFile("\(folder)/\(name)")
        try next.lock()
        let header = RequestLogHeader(
            unixMilliseconds: now, writer: writer,
            shareMillionths: UInt32((min(max(options.share, 0), 1) * 1e6).rounded()))
        file = next
        fileCount = 0
        var bytes = header.encoded
        try write(&bytes)
    }

    /// Removes the oldest files until a whole new one fits. One that is locked is being written by another process.
    private func makeRoom() throws(FileError) {
        var sizes: [(path: String, size: UInt64)] = []
        for name in try RequestLogFolder.names(folder, files) {
            let path = "\(folder)/\(name)"
            if let status = try files.status(path), status.kind == .regular {
                sizes.append((path, status.size))
            }
        }
        folderBytes = sizes.reduce(0) { $0 + $1.size }
        for (path, size) in sizes where folderBytes + options.fileBytes > options.totalBytes {
            do throws(FileError) {
                guard let lock = try files.lock(path, .exclusive, waiting: false, creating: false) else {
                    continue
                }
                defer { lock.release() }
                try files.unlink(path)
                folderBytes -= size
            } catch  where error.isNotFound {
                // Another writer removed it first.
                folderBytes -= size
            }
        }
    }
}

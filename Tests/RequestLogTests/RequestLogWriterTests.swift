import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import RequestLog

@Suite struct RequestLogWriterTests {
    private func requests(_ count: Int, seed: UInt64) -> [LoggedRequest] {
        var random = SplitMix64.printed("writer", seed: seed)
        return (0..<count).map { _ in LogFixture.request(&random) }
    }

    @Test func `what is appended is in the folder after a drain`() throws {
        let folder = try LogFixture()
        let requests = requests(300, seed: 1)
        let writer = try RequestLogWriter(folder.path + "/log")
        for request in requests { writer.append(.request(request)) }
        writer.drain()
        // Lanes are emptied one after another, so that the order is nearly that of the calls and not quite.
        func ordered(_ list: [LoggedRequest]) -> [LoggedRequest] {
            list.sorted { ($0.unixMilliseconds, $0.requestID) < ($1.unixMilliseconds, $1.requestID) }
        }
        let read = try LogFixture.read(folder.path + "/log")
        #expect(ordered(read.requests) == ordered(requests))
        #expect(writer.counts.written == 300)
        #expect(writer.counts.full == 0 && writer.counts.busy == 0 && writer.counts.failed == 0)
        let size = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/log").reduce(0) {
            $0 + (try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/log/\($1)")).count)
        }
        #expect(writer.counts.folderBytes == UInt64(size))
    }

    @Test func `files rotate, the folder keeps its bound, and the newest records stay`() throws {
        let folder = try LogFixture()
        let requests = requests(2000, seed: 2)
        let options = RequestLogOptions(totalBytes: 20_000, fileBytes: 4000)
        let writer = try RequestLogWriter(folder.path, options)
        for request in requests {
            writer.append(.request(request))
            writer.drain()
            let sizes = try folder.sizes()
            #expect(sizes.reduce(0) { $0 + $1.bytes } <= 20_000)
            #expect(sizes.allSatisfy { $0.bytes <= 4000 })
        }
        writer.close()
        let read = try LogFixture.read(folder.path)
        #expect(read.damage.isEmpty)
        #expect(read.requests == Array(requests.suffix(read.requests.count)))
        #expect(read.requests.count > 50)
        #expect(writer.counts.written == 2000)
    }

    @Test func `a file that another process writes is left alone`() throws {
        let folder = try LogFixture()
        let options = RequestLogOptions(totalBytes: 8000, fileBytes: 2000)
        let other = try RequestLogWriter(folder.path, options)
        other.append(.request(requests(1, seed: 3)[0]))
        other.drain()
        let first = try folder.sizes().map(\.name)
        let writer = try RequestLogWriter(folder.path, options)
        for request in requests(300, seed: 4) {
            writer.append(.request(request))
            writer.drain()
        }
        #expect(try folder.sizes().map(\.name).prefix(1) == first[...])
        other.close()
        #expect(try LogFixture.read(folder.path).requests.isEmpty == false)
    }

    @Test func `a writer that wrote nothing leaves no file behind`() throws {
        let folder = try LogFixture()
        let writer = try RequestLogWriter(folder.path)
        #expect(try folder.sizes().count == 1)
        writer.close()
        #expect(try folder.sizes().isEmpty)
    }

    @Test func `what finds no room is dropped and counted, and nobody waits`() throws {
        let folder = try LogFixture()
        let writer = try RequestLogWriter(folder.path, RequestLogOptions(waitingBytes: 4000))
        for request in requests(500, seed: 5) { writer.append(.request(request)) }
        writer.drain()
        let counts = writer.counts
        #expect(counts.full > 400)
        #expect(counts.full + counts.written == 500)
        #expect(try LogFixture.read(folder.path).requests.count == Int(counts.written))
    }

    @Test func `threads that append at once lose nothing silently`() async throws {
        let folder = try LogFixture()
        let writer = try RequestLogWriter(folder.path)
        let request = RequestLogRecord.request(requests(1, seed: 6)[0])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<5000 { writer.append(request) } }
            }
            group.addTask { for _ in 0..<50 { writer.drain() } }
        }
        writer.drain()
        let counts = writer.counts
        #expect(counts.written + counts.busy + counts.full == 20_000)
        #expect(try LogFixture.read(folder.path).requests.count == Int(counts.written))
    }

    @Test func `a full disk drops records, is told once a try, and the next file goes on`() throws {
        let folder = try LogFixture()
        let disk = FailingDisk()
        let failures = Mutex(0)
        let writer = try RequestLogWriter(folder.path, files: disk) { _ in failures.withLock { $0 += 1 } }
        let requests = requests(3, seed: 7)
        disk.isFull.store(true, ordering: .relaxed)
        writer.append(.request(requests[0]))
        writer.drain(now: 1_000_000_000)
        writer.append(.request(requests[1]))
        writer.drain(now: 2_000_000_000)
        #expect(failures.withLock { $0 } == 1)
        disk.isFull.store(false, ordering: .relaxed)
        writer.append(.request(requests[2]))
        writer.drain(now: 9_000_000_000)
        #expect(writer.counts.failed == 2 && writer.counts.failures == 1 && writer.counts.written == 1)
        #expect(try LogFixture.read(folder.path).requests == [requests[2]])
    }

    @Test func `bounds that leave no room for two files are refused`() throws {
        let folder = try LogFixture()
        #expect(throws: RequestLogError.bounds(fileBytes: 600, totalBytes: 1000)) {
            _ = try RequestLogWriter(folder.path, RequestLogOptions(totalBytes: 1000, fileBytes: 600))
        }
        #expect(throws: RequestLogError.self) { _ = try RequestLogWriter("/proc/nothing/log") }
    }

    @Test func `a smaller share is a part of a larger one, and as large as it says`() {
        var random = SplitMix64.printed("share", seed: 8)
        let hashes = (0..<100_000).map { _ in random.next() }
        let half = RequestLogOptions(share: 0.5)
        let tenth = RequestLogOptions(share: 0.1)
        #expect(hashes.allSatisfy { !tenth.isSampled($0) || half.isSampled($0) })
        // Four standard deviations of a binomial.
        #expect(abs(hashes.count(where: tenth.isSampled) - 10_000) < 4 * 95)
        #expect(hashes.allSatisfy(RequestLogOptions(share: 1).isSampled))
        #expect(!hashes.contains(where: RequestLogOptions(share: 0).isSampled))
    }
}

/// The system's file system, on a disk that is full at times.
private final class FailingDisk: FileSystem {
    private let disk = LocalFileSystem()
    let isFull = Atomic(false)

    func createFile(_ path: String) throws(FileError) -> any WritableFile {
        File(try disk.createFile(path), self)
    }
    func openFile(_ path: String) throws(FileError) -> any ReadableFile { try disk.openFile(path) }
    func map(_ path: String) throws(FileError) -> MappedFile { try disk.map(path) }
    func status(_ path: String) throws(FileError) -> FileStatus? { try disk.status(path) }
    func exists(_ path: String) -> Bool { disk.exists(path) }
    func list(_ path: String) throws(FileError) -> [String] { try disk.list(path) }
    func createDirectory(_ path: String) throws(FileError) -> Bool { try disk.createDirectory(path) }
    func link(_ path: String, to newPath: String) throws(FileError) { try disk.link(path, to: newPath) }
    func rename(_ path: String, to newPath: String) throws(FileError) { try disk.rename(path, to: newPath) }
    func unlink(_ path: String) throws(FileError) { try disk.unlink(path) }
    func synchronizeDirectory(_ path: String) throws(FileError) { try disk.synchronizeDirectory(path) }
    func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)? {
        try disk.lock(path, kind, waiting: waiting, creating: creating)
    }

    private final class File: WritableFile {
        private let file: any WritableFile
        private let disk: FailingDisk

        init(_ file: any WritableFile, _ disk: FailingDisk) { (self.file, self.disk) = (file, disk) }

        var path: String { file.path }
        func preallocate(_ count: UInt64) throws(FileError) { try file.preallocate(count) }
        func write(_ bytes: Span<UInt8>) throws(FileError) {
            if disk.isFull.load(ordering: .relaxed) { throw .inputOutput(.write, path: path) }
            try file.write(bytes)
        }
        func synchronize() throws(FileError) { try file.synchronize() }
        func lock() throws(FileError) { try file.lock() }
        func makeReadOnly() throws(FileError) { try file.makeReadOnly() }
        func close() throws(FileError) { try file.close() }
    }
}

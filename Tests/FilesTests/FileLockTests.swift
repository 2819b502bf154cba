import Files
import Foundation
import Testing

@Suite struct FileLockTests {
    private let folder: TemporaryFolder
    private let disk = LocalFileSystem()
    private var path: String { folder.path + "/lock" }

    init() throws { folder = try TemporaryFolder() }

    private func take(_ kind: FileLockKind, creating: Bool = true) throws -> (any FileLock)? {
        try disk.lock(path, kind, waiting: false, creating: creating)
    }

    @Test func `shared locks go together, an exclusive one is alone, and each ends when released`() throws {
        let first = try #require(try take(.shared))
        let second = try #require(try take(.shared))
        #expect(try take(.exclusive) == nil)
        first.release()
        first.release()
        #expect(try take(.exclusive) == nil)
        second.release()
        let alone = try #require(try take(.exclusive))
        #expect(try take(.shared) == nil)
        alone.release()
    }

    @Test func `a lock ends with its object`() throws {
        do { _ = try #require(try take(.exclusive)) }
        #expect(try take(.exclusive) != nil)
    }

    @Test func `a lock ends with the process that holds it, also when that is killed`() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["flock", "--no-fork", path, "sleep", "60"]
        try process.run()
        while try take(.shared) != nil, process.isRunning { Thread.sleep(forTimeInterval: 0.001) }
        #expect(kill(process.processIdentifier, SIGKILL) == 0)
        process.waitUntilExit()
        #expect(try take(.exclusive) != nil)
    }

    @Test func `a missing file is created only when that is asked for`() throws {
        #expect(throws: FileError.notFound(.open, path: path)) { _ = try take(.shared, creating: false) }
        #expect(try take(.shared) != nil)
        #expect(try folder.read("lock").isEmpty)
        #expect(try take(.shared, creating: false) != nil)
    }

    @Test func `a file in the making can be locked before it has its name`() throws {
        let file = try disk.createFile(path)
        try file.lock()
        #expect(try take(.shared, creating: false) == nil)
        try file.close()
        #expect(try take(.exclusive, creating: false) != nil)
    }
}

@Suite struct MonotonicClockTests {
    @Test func `a sleep takes at least its time`() {
        let begin = MonotonicClock.nanoseconds()
        MonotonicClock.sleep(nanoseconds: 20_000_000)
        #expect(MonotonicClock.nanoseconds() - begin >= 20_000_000)
    }
}

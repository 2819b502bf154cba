import Files
import Foundation
import Testing

@Suite struct LocalFileSystemTests {
    let folder: TemporaryFolder
    let disk = LocalFileSystem()

    init() throws { folder = try TemporaryFolder() }

    @Test func `what is written, synchronised and closed is read back by others`() throws {
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let file = try disk.createFile(folder.path + "/new")
        try file.preallocate(UInt64(content.count))
        try file.write(content.span.extracting(0..<100_000))
        try file.write(content.span.extracting(100_000..<content.count))
        try file.synchronize()
        try file.makeReadOnly()
        try file.close()
        try disk.synchronizeDirectory(folder.path)
        #expect(try folder.read("new") == content)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o444)
        #expect(try disk.contents(file.path, limit: content.count) == content)
    }

    @Test func `a second create or link of one name is refused and changes nothing`() throws {
        let path = try folder.write("taken", [1])
        let other = try folder.write("other", [2])
        let create = try #require(throws: FileError.self) { _ = try disk.createFile(path) }
        #expect(create.isAlreadyPresent)
        let link = try #require(throws: FileError.self) { try disk.link(other, to: path) }
        #expect(link.isAlreadyPresent)
        #expect(try folder.read("taken") == [1])
    }

    @Test func `a linked file is one file with two names`() throws {
        let path = try folder.write("first", [5])
        try disk.link(path, to: folder.path + "/second")
        try disk.unlink(path)
        #expect(try disk.list(folder.path) == ["second"])
        #expect(try folder.read("second") == [5])
    }

    @Test func `rename replaces what stood at the new name`() throws {
        let path = try folder.write("new", [9])
        _ = try folder.write("old", [1])
        try disk.rename(path, to: folder.path + "/old")
        #expect(try disk.list(folder.path) == ["old"])
        #expect(try folder.read("old") == [9])
    }

    @Test func `a file over the limit is refused before it is read`() throws {
        let path = try folder.write("big", [UInt8](repeating: 0, count: 11))
        #expect(throws: FileError.tooLarge(path: path, bytes: 11, limit: 10)) {
            _ = try disk.contents(path, limit: 10)
        }
        #expect(try disk.contents(path, limit: 11).count == 11)
    }

    @Test func `status tells files, folders, links and nothing apart`() throws {
        let path = try folder.write("file", [1, 2])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: path)
        #expect(try disk.status(path) == FileStatus(kind: .regular, size: 2))
        #expect(try disk.status(folder.path)?.kind == .directory)
        #expect(try disk.status(folder.path + "/link")?.kind == .other)
        #expect(try disk.status(folder.path + "/absent") == nil)
        #expect(try disk.status(path + "/below-a-file") == nil)
        #expect(disk.exists(path))
        #expect(!disk.exists(folder.path + "/absent"))
    }

    @Test func `a directory is created once`() throws {
        #expect(try disk.createDirectory(folder.path + "/d"))
        #expect(try !disk.createDirectory(folder.path + "/d"))
        let error = try #require(throws: FileError.self) {
            try disk.createDirectory(folder.path + "/x/y")
        }
        #expect(error.isNotFound)
    }

    @Test func `opening a pipe without a writer is refused instead of waiting`() throws {
        let pipe = folder.path + "/pipe"
        let mkfifo = Process()
        mkfifo.executableURL = URL(fileURLWithPath: "/usr/bin/mkfifo")
        mkfifo.arguments = [pipe]
        try mkfifo.run()
        mkfifo.waitUntilExit()
        #expect(throws: FileError.notRegularFile(path: pipe)) { _ = try disk.openFile(pipe) }
    }

    @Test func `a closed file refuses to be written`() throws {
        let file = try disk.createFile(folder.path + "/closed")
        try file.close()
        #expect(throws: FileError.self) { try file.write([1].span) }
        #expect(throws: FileError.self) { try file.synchronize() }
    }
}

import Files
import Foundation
import Testing

@Suite struct MappedFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a mapped file shows exactly the bytes of the file`() throws {
        let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let mapped = try MappedFile(path: try folder.write("a", content))
        #expect(mapped.count == content.count)
        #expect(mapped.copy(0..<mapped.count) == content)
        #expect(mapped.copy(4095..<4098) == Array(content[4095..<4098]))
        #expect(mapped.path == folder.path + "/a")
    }

    @Test func `an empty file maps to no bytes`() throws {
        let mapped = try MappedFile(path: try folder.write("empty", []))
        #expect(mapped.count == 0)
        let byteCount = mapped.bytes.byteCount
        #expect(byteCount == 0)
        #expect(mapped.copy(0..<0) == [])
    }

    @Test func `a mapping outlives the removal of its file`() throws {
        let path = try folder.write("gone", [1, 2, 3])
        let mapped = try MappedFile(path: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(mapped.copy(0..<3) == [1, 2, 3])
    }

    @Test func `a folder and a device are refused as not regular files`() {
        #expect(throws: FileError.notRegularFile(path: folder.path)) { _ = try MappedFile(path: folder.path) }
        #expect(throws: FileError.notRegularFile(path: "/dev/zero")) { _ = try MappedFile(path: "/dev/zero") }
    }

    @Test func `a missing file is named with the system's reason`() throws {
        let path = folder.path + "/absent"
        let error = try #require(throws: FileError.self) { _ = try MappedFile(path: path) }
        #expect(error.isNotFound)
        #expect(error.description == "\(path): open failed: No such file or directory")
    }

    @Test func `bytes of a file system in memory map like a file`() throws {
        #expect(try MappedFile(copying: [7, 8], path: "m").copy(0..<2) == [7, 8])
        #expect(try MappedFile(copying: [], path: "m").count == 0)
    }

    @Test func `a file that is read shows the same bytes as one that is mapped, and cannot lose them`() throws
    {
        let content = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try folder.write("a", content)
        let read = try LocalFileSystem(copying: true).map(path)
        #expect(read.copy(0..<read.count) == content)
        #expect(read.path == path)
        try read.prefault()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 0)
        #expect(read.copy(0..<read.count) == content)
        #expect(!read.isDamaged)
        #expect(try MappedFile(reading: path).count == 0)
    }

    @Test func `a file over the limit, a folder and an endless file are not read`() throws {
        let path = try folder.write("big", [1, 2, 3])
        #expect(throws: FileError.tooLarge(path: path, bytes: 3, limit: 2)) {
            _ = try MappedFile(reading: path, limit: 2)
        }
        #expect(try MappedFile(reading: path, limit: 3).copy(0..<3) == [1, 2, 3])
        #expect(throws: FileError.notRegularFile(path: folder.path)) {
            _ = try MappedFile(reading: folder.path)
        }
        #expect(throws: FileError.notRegularFile(path: "/dev/zero")) {
            _ = try MappedFile(reading: "/dev/zero")
        }
    }
}

import Foundation
import Testing

@testable import Files

struct StagedFolderTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private var path: String { scratch.path + "/set" }
    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() }
    }

    @Test func `a folder is there whole once it is committed`() throws {
        let folder = try StagedFolder(path)
        try folder.write("facts", [1, 2, 3])
        #expect(!FileManager.default.fileExists(atPath: path))
        try folder.copy(MappedFile(path: folder.file("facts")), to: "copy")
        try folder.commit()
        #expect(try names == ["set"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/copy")) == Data([1, 2, 3]))
    }

    @Test func `a folder that is dropped leaves nothing`() throws {
        do {
            let folder = try StagedFolder(path)
            try folder.write("facts", [1])
        }
        #expect(try names.isEmpty)
    }

    @Test func `what stood there is replaced at once`() throws {
        for content: UInt8 in [1, 2] {
            let folder = try StagedFolder(path + "/")
            try folder.write("facts", [content])
            try folder.commit()
        }
        #expect(try names == ["set"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/facts")) == Data([2]))
    }

    @Test func `it is told what stands at a path`() throws {
        func occupant() throws -> StagedFolder.Occupant {
            try StagedFolder.occupant(of: path, knownBy: "facts")
        }
        #expect(try occupant() == .nothing)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(try occupant() == .known)
        try Data().write(to: URL(fileURLWithPath: path + "/letters"))
        #expect(try occupant() == .foreignFolder)
        try Data().write(to: URL(fileURLWithPath: path + "/facts"))
        #expect(try occupant() == .known)
        #expect(try StagedFolder.occupant(of: path + "/facts", knownBy: "facts") == .other)
    }
}

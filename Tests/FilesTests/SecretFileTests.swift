import Files
import Foundation
import Testing

@Suite struct SecretFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func secret(_ mode: Int, _ bytes: [UInt8] = Array(0..<32)) throws -> String {
        let path = try folder.write("key-\(mode)-\(bytes.count)", bytes)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test(arguments: [0o600, 0o400, 0o440, 0o640]) func `a secret of its owner and group is read`(mode: Int)
        throws
    {
        #expect(try SecretFile.read(secret(mode), limit: 100) == Array(0..<32))
    }

    @Test(arguments: [0o644, 0o604, 0o602, 0o660, 0o620, 0o777])
    func `one that others may read or change is refused with the mend`(mode: Int) throws {
        let path = try secret(mode)
        let error = try #require(throws: FileError.self) { try SecretFile.read(path, limit: 100) }
        #expect(error == .exposedSecret(path: path, mode: UInt32(mode)))
        #expect(error.description.contains("chmod 600 '\(path)'"))
    }

    @Test func `neither a folder nor more than was asked for is read`() throws {
        #expect(throws: FileError.self) { try SecretFile.read(folder.path, limit: 100) }
        #expect(throws: FileError.self) { try SecretFile.read(folder.path + "/none", limit: 100) }
        let path = try secret(0o600)
        #expect(throws: FileError.tooLarge(path: path, bytes: 32, limit: 31)) {
            try SecretFile.read(path, limit: 31)
        }
        #expect(try SecretFile.read(path, limit: 32).count == 32)
    }
}

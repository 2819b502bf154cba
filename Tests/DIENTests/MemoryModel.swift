import DIEN
import Files

/// A model folder in memory.
struct MemoryModel: ModelFiles {
    var files: [String: [UInt8]] = [:]

    struct NoSuchFile: Error {}

    func map(_ name: String) throws -> MappedFile {
        guard let bytes = files[name] else { throw NoSuchFile() }
        return try MappedFile(copying: bytes, path: name)
    }

    subscript(text name: String) -> String {
        get { String(decoding: files[name] ?? [], as: UTF8.self) }
        set { files[name] = Array(newValue.utf8) }
    }
}

internal import Files

/// One version as a single file, to be carried by hand. `registry/README.md` specifies the format:
/// a line, the manifest's length as u64 little-endian, the manifest, and each of its files in order of their names.
enum Archive {
    static let magic = Array("dien-version/1\n".utf8)

    /// What comes before the files.
    static func head(manifest: [UInt8]) -> [UInt8] {
        let length = UInt64(manifest.count)
        return magic + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + manifest
    }

    /// The files in the order of their bytes.
    static func files(of manifest: Manifest) -> [(name: String, descriptor: Descriptor)] {
        manifest.files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// Reads an archive from its start to its end; nothing in it is believed before it is checked.
struct ArchiveReader {
    let path: String
    private let file: any ReadableFile
    private(set) var position: UInt64 = 0

    init(_ path: String, on disk: any FileSystem) throws(FileError) {
        self.path = path
        file = try disk.openFile(path)
    }

    /// The manifest, when the file has exactly the size that the manifest adds up to.
    mutating func manifest(limit: Int) throws(RegistryError) -> (manifest: Manifest, bytes: [UInt8]) {
        guard try take(Archive.magic.count) == Archive.magic else {
            throw malformed("it does not begin with 'dien-version/1'")
        }
        let length = try take(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(limit) else {
            throw malformed("a manifest of \(length) bytes is more than a manifest may have")
        }
        let bytes = try take(Int(length))
        let manifest: Manifest
        do { manifest = try CanonicalJSON.decode(Manifest.self, bytes) } catch {
            throw malformed("its manifest: \(error.reason)")
        }
        guard manifest.base == nil else { throw malformed("it is a delta to another version") }
        var end = position
        for file in Archive.files(of: manifest) {
            let (sum, overflow) = end.addingReportingOverflow(file.descriptor.size)
            guard !overflow else { throw malformed("the size of '\(file.name)' is absurd") }
            end = sum
        }
        guard end == file.size else {
            throw malformed("\(file.size) bytes instead of the \(end) that its manifest tells")
        }
        return (manifest, bytes)
    }

    /// The next `count` bytes, which must be there.
    mutating func take(_ count: Int) throws(RegistryError) -> [UInt8] {
        guard UInt64(count) <= file.size - min(position, file.size) else {
            throw malformed("it ends at byte \(file.size)")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            var rest = [UInt8](repeating: 0, count: count - bytes.count)
            let read: Int
            do { read = try file.read(into: &rest) } catch { throw .file(error) }
            guard read > 0 else { throw malformed("it ends at byte \(position + UInt64(bytes.count))") }
            bytes += rest[..<read]
        }
        position += UInt64(count)
        return bytes
    }

    func malformed(_ reason: String) -> RegistryError { .corruptArchive(path: path, reason: reason) }
}

public import Files
internal import FoundationEssentials

/// A registry of model versions in a folder: immutable blobs named by their digest, and a chain of states, one file an
/// epoch. A value of this type holds no state of its own; any number of threads and processes may use one folder.
///
/// Readers never block and see whole epochs only. Writers race by link(2): who links the next epoch's name first has
/// committed, the others read again. `registry/README.md` specifies the format.
public struct Registry: Sendable {
    /// The folder, as given.
    public let path: String
    let layout: RegistryLayout
    let disk: any FileSystem
    let reserveBytes: Int
    /// Told how far the hashing and copying of each large file is; see `reporting(to:)`.
    var progress: Progress?

    /// Largest state file that is read.
    static let stateBytesLimit = 16 << 20
    /// Largest manifest that is read.
    static let manifestBytesLimit = 1 << 20

    /// Opens a registry for reading and writing. Only the format is checked here; each state, manifest and blob is
    /// checked whenever it is read.
    ///
    /// - Parameter reserveBytes: how much space a commit sets aside for commits on a full disk; 0 for none.
    public init(
        openingAt path: String, disk: any FileSystem = LocalFileSystem(),
        reserveBytes: Int = defaultReserveBytes
    ) throws(RegistryError) {
        self.init(path: path, disk: disk, reserveBytes: reserveBytes)
        let bytes: [UInt8]
        do {
            bytes = try disk.contents(layout.format, limit: 4096)
        } catch {
            throw error.isNotFound ? .notARegistry(path: path) : .file(error)
        }
        guard let found = try? JSONDecoder().decode(Format.self, from: Data(bytes)), found == .current else {
            throw .unsupportedFormat(path: layout.format)
        }
    }

    init(path: String, disk: any FileSystem, reserveBytes: Int) {
        var root = path
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.path = path
        layout = RegistryLayout(root: root)
        self.disk = disk
        self.reserveBytes = reserveBytes
    }

    /// The content of the file `format`: its presence makes a folder a registry.
    struct Format: Codable, Equatable {
        let dien_registry: Int

        static let current = Format(dien_registry: 1)
    }

    /// Runs disk operations, turning their errors into the registry's.
    func onDisk<Result>(_ body: () throws(FileError) -> Result) throws(RegistryError) -> Result {
        do { return try body() } catch { throw .file(error) }
    }
}

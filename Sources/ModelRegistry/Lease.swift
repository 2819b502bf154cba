internal import Files

/// Says which versions a process uses, so that garbage collection leaves them alone. It holds until the object goes or the
/// process ends, however that ends: what counts is a lock on the file, not the file.
///
/// A reader takes the lease before it maps a version. Not thread-safe: keep it where versions are loaded.
public final class Lease {
    private let registry: Registry
    private let path: String
    private var file: (any WritableFile)?
    private var held: [UInt8] = []

    /// A lease on nothing yet.
    public init(on registry: Registry) {
        self.registry = registry
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let host = Host.name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        path = registry.layout.leases + "/\(host)-\(Host.processID)-" + random
    }

    deinit {
        if file != nil { try? registry.disk.unlink(path) }
    }

    /// Leases exactly the versions with these manifests from now on. On read-only storage it throws, and nothing can
    /// be collected through that mount either.
    public func hold(_ manifests: [Digest]) throws(RegistryError) {
        let text = Array(manifests.map { "\($0)\n" }.sorted().joined().utf8)
        // A swap between versions that are both loaded changes nothing here.
        guard file == nil || text != held || !registry.disk.exists(path) else { return }
        try registry.writing { () throws(RegistryError) in
            try registry.onDisk { () throws(FileError) in try replace(text) }
        }
        held = text
    }

    /// The file is locked before it has its name, and takes the place of the last one at once: the sweeper sees either.
    private func replace(_ bytes: [UInt8]) throws(FileError) {
        try registry.disk.createDirectory(registry.layout.leases)
        let staged = try registry.stage()
        do {
            try staged.file.lock()
            try staged.file.write(bytes.span)
            try registry.disk.rename(staged.path, to: path)
        } catch {
            registry.discard(staged)
            throw error
        }
        file = staged.file
    }
}

/// What the leases of a registry say.
struct LeaseList {
    /// Manifests in use.
    var manifests: Set<Digest> = []
    /// The files of processes that are gone.
    var stale: [String] = []
}

extension Registry {
    /// Reads the leases. One that cannot be understood is `.corruptLease`: in doubt nothing is collected.
    func leases() throws(RegistryError) -> LeaseList {
        var list = LeaseList()
        guard try isDirectory(layout.leases) else { return list }
        let names = try onDisk { () throws(FileError) in try disk.list(layout.leases) }
        for name in names.sorted() {
            let path = layout.leases + "/" + name
            let text: [UInt8]
            do {
                if try disk.lock(path, .exclusive, waiting: false, creating: false) != nil {
                    list.stale.append(path)
                    continue
                }
                text = try disk.contents(path, limit: Self.manifestBytesLimit)
            } catch {
                if error.isNotFound { continue }
                throw .file(error)
            }
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
                guard let digest = try? Digest(String(line)) else { throw .corruptLease(path: path) }
                list.manifests.insert(digest)
            }
        }
        return list
    }
}

import Files
import ModelRegistry

/// The commands that the crash tests run, on small model folders beside the registry.
struct CrashScript {
    let disk: CrashFileSystem
    let truth: CrashTruth
    private let root: String
    /// The disk as the registry sees it.
    private let seen: any FileSystem

    /// On an empty disk, or on what a crash left of one.
    init(
        disk: CrashFileSystem, seenAs seen: (any FileSystem)? = nil, root: String, truth: CrashTruth? = nil
    ) {
        self.disk = disk
        self.seen = seen ?? disk
        self.root = root
        self.truth = truth ?? CrashTruth(root: root)
    }

    /// A disk with four model folders and no registry.
    static let blank: CrashImage = {
        var image = CrashImage(directories: ["/disk"])
        for content in ["a", "b", "c", "d"] {
            image.directories.insert("/disk/model-" + content)
            for file in ModelFile.all {
                // Two of the models share their vocabulary, so that a blob has two owners.
                let own = file.name.hasPrefix("vocabulary") && content == "b" ? "a" : content
                image.files["/disk/model-\(content)/\(file.name)"] = Array("\(file.name) of \(own)".utf8)
            }
        }
        return image
    }()

    /// Everything in order, each command reported to the truth.
    func run() throws {
        try create()
        for step in 0..<Self.steps { try self.step(step) }
    }

    func create() throws {
        let registry = try Registry.create(at: root, note: note("init"), disk: seen, reserveBytes: 64)
        truth.acknowledge(try registry.currentState().epoch)
    }

    /// How many commands there are.
    static let steps = 15

    /// One command; those that find nothing to do on what a crash left are done.
    func step(_ number: Int) throws {
        let registry = try Registry(openingAt: root, disk: seen, reserveBytes: 64)
        let commit: Commit
        do {
            commit = try self.commit(number, registry)
        } catch let error as RegistryError {
            if Self.isNothingToDo(error) { return }
            throw error
        }
        truth.acknowledge(commit.state.epoch)
    }

    private func commit(_ number: Int, _ registry: Registry) throws -> Commit {
        switch number {
        case 0: try push("a", "champion", registry)
        case 1: try push("b", nil, registry)
        case 2, 8: try promoteNewest(registry)
        case 3, 9:
            try registry.rollback(
                model: "sports", note: note("rollback", evidence: Array("{\"verdict\":\(number)}\n".utf8)))
        case 4: try push("a", nil, registry)
        case 5: try push("c", "challenger", registry)
        case 6, 11: try collect(keeping: 2, registry)
        case 12: try tagNewest(registry)
        case 13: try exportAndImport(registry)
        case 14: try push("b", "champion", registry)
        case 7: try push("d", nil, registry)
        default: try collect(keeping: 1, registry)
        }
    }

    private func push(_ content: String, _ alias: String?, _ registry: Registry) throws -> Commit {
        try registry.push(
            model: "sports", folder: "/disk/model-" + content, alias: alias, note: note("push"),
            verifier: accept
        ).commit
    }

    private func promoteNewest(_ registry: Registry) throws -> Commit {
        let newest = try registry.currentState().models["sports"]?.versions.keys.max()
        guard let newest else { return try push("a", "champion", registry) }
        return try registry.promote(
            model: "sports", version: newest, note: note("promote"), verifier: accept)
    }

    private func tagNewest(_ registry: Registry) throws -> Commit {
        let newest = try registry.currentState().models["sports"]?.versions.keys.max() ?? 1
        return try registry.tag(
            model: "sports", version: newest, as: "kept-\(newest)", note: note("tag"))
    }

    private func exportAndImport(_ registry: Registry) throws -> Commit {
        let newest = try registry.currentState().models["sports"]?.versions.keys.max() ?? 1
        if disk.exists("/disk/one.dien") { try disk.unlink("/disk/one.dien") }
        try registry.export(newest, of: "sports", to: "/disk/one.dien")
        return try registry.importVersion(
            from: "/disk/one.dien", alias: "imported", note: note("import"), verifier: accept
        ).commit
    }

    /// What a registry that lost its last epochs may answer.
    private static func isNothingToDo(_ error: RegistryError) -> Bool {
        switch error {
        case .nothingToRollBack, .unknownModel, .unknownVersion: true
        default: false
        }
    }

    private func collect(keeping versions: Int, _ registry: Registry) throws -> Commit {
        try registry.collectGarbage(Retention(versions: versions, days: 0), note: note("gc")).commit
    }
}

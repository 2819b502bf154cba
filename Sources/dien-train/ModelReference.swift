import ArgumentParser
import DIEN
import Files
import Foundation
import ModelRegistry
import Terminal

/// Which model: a folder, or a version in a registry.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The model's folder.", completion: .directory)
    var folder: String?

    @Option(
        name: .customLong("model"),
        help: "A model of the registry: NAME, or NAME@VERSION by number, alias or tag.")
    var name: String?

    @Option(help: "The registry's folder (default: $DIEN_REGISTRY, else ./registry).")
    var registry: String?

    /// The model that was asked for.
    func load() throws -> NamedModel {
        switch (folder, name) {
        case (let folder?, nil): try NamedModel(folder: folder)
        case (nil, let name?): try NamedModel(registered: name, in: registryPath)
        default: throw CommandError.oneModelIsNeeded
        }
    }

    /// Its files, and what it is called.
    func files() throws -> (name: String, files: any ModelFiles) {
        switch (folder, name) {
        case (let folder?, nil):
            (folder.split(separator: "/").last.map(String.init) ?? folder, ModelFolder(path: folder))
        case (nil, let name?): try RegisteredFiles.find(name, in: registryPath)
        default: throw CommandError.oneModelIsNeeded
        }
    }

    /// Another model by a text: a folder where there is one, else a model of the registry.
    func load(other text: String) throws -> NamedModel {
        FileManager.default.fileExists(atPath: "\(text)/config.json")
            ? try NamedModel(folder: text) : try NamedModel(registered: text, in: registryPath)
    }

    private var registryPath: String {
        if let registry { return registry }
        let variable = ProcessInfo.processInfo.environment["DIEN_REGISTRY"] ?? ""
        return variable.isEmpty ? "./registry" : variable
    }
}

/// A model loaded as a server loads it, by what it is called.
struct NamedModel: Sendable {
    /// The folder's last part, or name@version.
    let name: String
    let model: Model

    init(folder: String) throws {
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        model = try Model(files: ModelFolder(path: folder))
    }

    /// `text` is NAME, which means its champion, or NAME@VERSION.
    init(registered text: String, in path: String) throws {
        let (name, files) = try RegisteredFiles.find(text, in: path)
        self.name = name
        model = try Model(files: files)
    }
}

/// The files of a version as a model wants them.
struct RegisteredFiles: ModelFiles {
    let files: VersionFiles

    /// `text` is NAME, which means its champion, or NAME@VERSION; → also NAME@NUMBER.
    static func find(_ text: String, in path: String) throws -> (name: String, files: RegisteredFiles) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let registry = try Registry(openingAt: path)
        let state = try registry.currentState()
        let number = try state.versionNumber(parts.count > 1 ? parts[1] : "champion", of: parts[0])
        let files = try registry.files(of: state.version(number, of: parts[0]), model: parts[0])
        return ("\(parts[0])@\(number)", RegisteredFiles(files: files))
    }

    func map(_ name: String) throws -> MappedFile { try files.map(name) }
}

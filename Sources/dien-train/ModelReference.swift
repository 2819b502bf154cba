import ArgumentParser
import DIEN
import Foundation
import OfflineEvaluation

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
        try NamedModel(text, in: registryPath)
    }

    private var registryPath: String {
        if let registry { return registry }
        let variable = ProcessInfo.processInfo.environment["DIEN_REGISTRY"] ?? ""
        return variable.isEmpty ? "./registry" : variable
    }
}

public import DIEN
internal import Foundation

/// A model loaded as a server loads it, by what it is called.
public struct NamedModel: Sendable {
    /// The folder's last part, or name@version, unless it was renamed.
    public var name: String
    /// The model.
    public let model: Model

    /// Loads a folder; throws as ``Model`` does.
    public init(folder: String) throws {
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        model = try Model(files: ModelFolder(path: folder))
    }

    /// `text` is NAME, which means its champion, or NAME@VERSION.
    public init(registered text: String, in path: String) throws {
        let (name, files) = try RegisteredFiles.find(text, in: path)
        self.name = name
        model = try Model(files: files)
    }

    /// `text` is a folder where there is one with a model, else a model of the registry at `registry`.
    public init(_ text: String, in registry: String) throws {
        let isFolder = FileManager.default.fileExists(atPath: "\(text)/config.json")
        self = isFolder ? try NamedModel(folder: text) : try NamedModel(registered: text, in: registry)
    }
}

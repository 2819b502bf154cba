public import DIEN
internal import Foundation
internal import ModelRegistry

/// A model loaded as a server loads it, by what it is called.
public struct NamedModel: Sendable {
    /// The folder's last part, or name@version, unless it was renamed.
    public var name: String
    /// The model.
    public let model: Model
    /// Digest of the registered version's manifest, as answers name it; nil of a folder.
    public let digest: String?

    /// What two models of one name are called instead: as much of the end of what was typed as tells them apart, such as
    /// "a/model" and "b/model". Pages travel, and the folders of this machine stay out of them.
    public static func names(tellingApart first: String, _ second: String) -> (String, String) {
        let (one, two) = (first.split(separator: "/"), second.split(separator: "/"))
        let common = zip(one.reversed(), two.reversed()).prefix { $0 == $1 }.count
        let names = [one, two].map { $0.suffix(common + 1).joined(separator: "/") }
        return names[0] == names[1] ? ("\(names[0]) (A)", "\(names[1]) (B)") : (names[0], names[1])
    }

    /// Loads a folder; throws as ``Model`` does.
    public init(folder: String) throws {
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        model = try Model(files: ModelFolder(path: folder))
        digest = nil
    }

    /// `text` is NAME, which means its champion, or NAME@VERSION.
    public init(registered text: String, in path: String) throws {
        let (name, files) = try RegisteredFiles.find(text, in: path)
        self.name = name
        model = try Model(files: files)
        digest = files.digest?.description
    }

    /// `text` is a folder where there is one with a model, else a model of the registry at `registry`.
    public init(_ text: String, in registry: String) throws {
        let isFolder = FileManager.default.fileExists(atPath: "\(text)/config.json")
        self = isFolder ? try NamedModel(folder: text) : try NamedModel(registered: text, in: registry)
    }
}

import ArgumentParser
import ModelRegistry

/// `dien-registry show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one version: its manifest, files and aliases.",
        discussion: """
            EXAMPLES
              dien-registry show sports 2
              dien-registry show sports champion --json

            JSON: {"aliases":["champion"],"files":[{"digest":"sha256:…","mediaType":…,"name":"config.json","size":912},…],\
            "manifest":"sha256:…","model":"sports","pushed":…,"tags":[],"version":2}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, or an alias.")
    var version: String

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let state = try registry.currentState()
        let number = try state.versionNumber(version, of: name)
        let entry = try state.version(number, of: name)
        let manifest = try registry.files(of: entry, model: name).manifest
        let result = Result(
            model: name, version: number, manifest: entry.manifest.digest, pushed: entry.pushed,
            aliases: try state.model(name).aliases(of: number),
            tags: try state.model(name).tags(of: number),
            files: manifest.files.sorted { $0.key < $1.key }.map { name, file in
                File(name: name, digest: file.digest, mediaType: file.mediaType, size: file.size)
            })
        try Output.print(json: reading.json, result, text: result.text)
    }

    private struct Result: Encodable {
        let model: String
        let version: UInt64
        let manifest: Digest
        let pushed: String
        let aliases: [String]
        let tags: [String]
        let files: [File]

        var text: String {
            let head = [
                "\(model) version \(version)", "manifest  \(manifest)", "pushed    \(pushed)",
                "aliases   \(aliases.isEmpty ? "none" : aliases.joined(separator: ", "))",
                "tags      \(tags.isEmpty ? "none" : tags.joined(separator: ", "))",
            ]
            return (head + files.map(\.text)).joined(separator: "\n")
        }
    }

    private struct File: Encodable {
        let name: String
        let digest: Digest
        let mediaType: String
        let size: UInt64

        var text: String { "  \(Output.padded(name, 24)) \(digest)  \(Output.size(size))" }
    }
}

import ArgumentParser
import ModelRegistry

/// `dien-registry list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List models, their versions and what their aliases name.",
        discussion: """
            EXAMPLES
              dien-registry list
              dien-registry list sports --json

            JSON: {"epoch":3,"models":[{"aliases":{"champion":1},"name":"sports","tags":{},"versions":[{"aliases":["champion"],\
            "manifest":"sha256:…","pushed":"2026-11-24T11:00:00.000Z","tags":[],"version":1},…]},…]}
            """)

    @Argument(help: "Only this model.")
    var name: String?

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let state = try reading.open().currentState()
        let names = try name.map { name in
            _ = try state.model(name)
            return [name]
        }
        let result = Result(
            epoch: state.epoch,
            models: (names ?? state.models.keys.sorted()).map {
                Model(name: $0, state.models[$0] ?? RegisteredModel())
            })
        try Output.print(json: reading.json, result, text: result.text)
    }

    private struct Result: Encodable {
        let epoch: UInt64
        let models: [Model]

        var text: String {
            (models.map(\.text) + ["epoch \(epoch)"]).joined(separator: "\n")
        }
    }

    private struct Model: Encodable {
        let name: String
        let aliases: [String: UInt64]
        let tags: [String: UInt64]
        let split: RegisteredSplit?
        let shadow: RegisteredShadow?
        let versions: [Version]

        init(name: String, _ model: RegisteredModel) {
            self.name = name
            aliases = model.aliases
            tags = model.tags
            split = model.split
            shadow = model.shadow
            versions = model.versions.sorted { $0.key < $1.key }.map { number, version in
                Version(
                    version: number, manifest: version.manifest.digest, pushed: version.pushed,
                    aliases: model.aliases(of: number), tags: model.tags(of: number))
            }
        }

        var text: String {
            let traffic = [split.map { "split: " + $0.text }, shadow.map { "shadow: " + $0.text }].compactMap
            { $0 }
            return ([name] + versions.map(\.text) + traffic.map { "  " + $0 }).joined(separator: "\n")
        }
    }

    private struct Version: Encodable {
        let version: UInt64
        let manifest: Digest
        let pushed: String
        let aliases: [String]
        let tags: [String]

        var text: String {
            "  \(Output.padded("\(version)", 5)) \(manifest.hex.prefix(12))  pushed \(pushed)  "
                + (aliases + tags.map { "tag " + $0 }).joined(separator: ", ")
        }
    }
}

import ArgumentParser
import ModelRegistry

/// `dien-registry export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write one version into a single file, to be carried by hand.",
        discussion: """
            Every digest is checked on the way. Tell the receiver the manifest's digest: import can insist on it.

            EXAMPLE
              dien-registry export sports champion sports-2.dien

            JSON: {"file":"sports-2.dien","manifest":"sha256:…","model":"sports","version":2}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, alias or tag.")
    var version: String

    @Argument(help: "The file to write; it must not exist.")
    var file: String

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let number = try registry.currentState().versionNumber(version, of: name)
        let manifest = try registry.export(number, of: name, to: file)
        let result = Result(model: name, version: number, manifest: manifest.digest, file: file)
        try Output.print(
            json: reading.json, result,
            text: "\(file) holds \(name) version \(number), \(result.manifest)")
    }

    private struct Result: Encodable {
        let model: String
        let version: UInt64
        let manifest: Digest
        let file: String
    }
}

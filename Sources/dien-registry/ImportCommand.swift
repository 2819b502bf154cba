import ArgumentParser
import ModelRegistry

/// `dien-registry import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Verify an exported file and store its version.",
        discussion: """
            It becomes a version of the model that it was exported from, under the next number here; content that a \
            version has already gets that version's number. The file is not trusted: lengths, digests, structure, weights \
            and golden requests are checked before anything is committed.

            EXAMPLES
              dien-registry import sports-2.dien
              dien-registry import sports-2.dien --expect sha256:655b… --alias challenger

            JSON: as of push
            """)

    @Argument(help: "The exported file.")
    var file: String

    @Option(help: "Refuse it unless its manifest has this digest.")
    var expect: String?

    @Option(help: "Point this alias at the version in the same epoch; 'champion' is what is served.")
    var alias: String?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let verifier = ModelVerifier()
        let source = file.split(separator: "/").last ?? "/"
        let command = "import \(source)" + (alias.map { " --alias \($0)" } ?? "")
        let push = try registry.importVersion(
            from: file, expecting: expect.map { text in try Digest(text) }, alias: alias,
            note: writing.note(command), verifier: verifier.verify)
        let result = PushResult(push, alias: alias, checks: verifier.checks)
        try Output.print(json: reading.json, result, text: result.text)
    }
}

import ArgumentParser
import DIEN
import ModelRegistry

/// `dien-registry push`.
struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Verify a model folder and store it as a new version.",
        discussion: """
            The folder holds config.json, model.safetensors, vocabulary.safetensors, golden.jsonl and the files of tables \
            that config.json names, as docs/MODEL_FORMAT.md specifies; other files are left out. The copies are verified as a server would: digests, \
            structure, finite weights, golden requests. Content that a version has already gets that version's number.

            EXAMPLES
              dien-registry push sports ./sports-model
              dien-registry push sports ./sports-model --alias champion --reason "first"

            JSON: {"checks":[{"check":…,"detail":…,"ok":true},…],"committed":true,"epoch":2,"manifest":"sha256:…",\
            "model":"sports","version":1}, and "alias" when one was given
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The model folder.")
    var folder: String

    @Option(help: "Point this alias at the version in the same epoch; 'champion' is what is served.")
    var alias: String?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let verifier = ModelVerifier()
        let source = folder.split(separator: "/").last ?? "/"
        let command = "push \(name) \(source)" + (alias.map { " --alias \($0)" } ?? "")
        let push = try registry.push(
            model: name, folder: folder, files: ModelFile.all + ModelFolder(path: folder).tableFiles,
            alias: alias,
            note: writing.note(command), verifier: verifier.verify)
        let result = PushResult(push, alias: alias, checks: verifier.checks)
        try Output.print(json: reading.json, result, text: result.text)
    }
}

extension ModelFolder {
    /// The files of tables that config.json names; none where it cannot be read, for the verifier to say why.
    fileprivate var tableFiles: [ModelFile] {
        let configuration = try? ModelConfiguration(of: self)
        return (configuration?.tableFiles ?? []).map {
            ModelFile(name: $0, mediaType: ModelFile.weightsMediaType)
        }
    }
}

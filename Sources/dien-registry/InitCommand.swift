import ArgumentParser
import ModelRegistry

/// `dien-registry init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create an empty registry.",
        discussion: """
            The folder may exist already and hold other files.

            EXAMPLE
              dien-registry init models

            JSON: {"epoch":1,"registry":"models"}
            """)

    @Argument(help: "The folder to create (default: $DIEN_REGISTRY, else ./registry).")
    var path: String?

    @Option(help: "The same folder, as the other commands are told it.")
    var registry: String?

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    @OptionGroup var writing: WritingOptions

    func validate() throws {
        guard path == nil || registry == nil else {
            throw ValidationError("the folder is given twice; give it once, with --registry or without")
        }
    }

    func run() throws {
        let path = path ?? registry ?? Environment.registry
        let registry = try Registry.create(at: path, note: writing.note("init"))
        let result = Result(epoch: try registry.currentState().epoch, registry: registry.path)
        try Output.print(
            json: json, result, text: "created the registry \(result.registry)\nepoch \(result.epoch)")
    }

    private struct Result: Encodable {
        let epoch: UInt64
        let registry: String
    }
}

import ArgumentParser
import ModelRegistry

/// `dien-registry promote`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Verify a version and point an alias at it; 'champion' is what is served.",
        discussion: """
            EXAMPLES
              dien-registry promote sports 2 --reason "AUC 0.772 to 0.781"
              dien-registry promote sports challenger --expect-current 1
              dien-registry promote sports 3 --alias challenger --expect-epoch 7

            JSON: {"alias":"champion","committed":true,"epoch":8,"model":"sports","version":2}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, or an alias of it.")
    var version: String

    @Option(help: "The alias to move.")
    var alias = RegistryState.champion

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @Option(help: "Commit only if the alias names this version now; 0: no version.")
    var expectCurrent: UInt64?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let number = try registry.currentState().versionNumber(version, of: name)
        let commit = try registry.promote(
            model: name, version: number, alias: alias, expectEpoch: expectEpoch,
            expectCurrent: expectCurrent,
            note: writing.note("promote \(name) \(number) --alias \(alias)"), verifier: ModelVerifier().verify
        )
        let result = AliasMove(model: name, alias: alias, commit: commit)
        try Output.print(json: reading.json, result, text: result.text)
    }
}

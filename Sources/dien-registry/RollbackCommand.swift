import ArgumentParser
import ModelRegistry

/// `dien-registry rollback`.
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Point an alias back at the version it named before.",
        discussion: """
            Without --to, at the version before the alias last moved; a second rollback undoes the first. With --to, at \
            the version it named at that epoch. Nothing is copied or removed, and versions pushed meanwhile stay.

            EXAMPLES
              dien-registry rollback sports --reason "calibration off in the app"
              dien-registry rollback sports --to 5
              dien-registry rollback sports --evidence verdict.json

            JSON: {"alias":"champion","committed":true,"epoch":9,"model":"sports","version":1}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "The epoch whose target to restore.")
    var to: UInt64?

    @Option(help: "The alias to move.")
    var alias = RegistryState.champion

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var proof: EvidenceOption
    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let target = to.map { " --to \($0)" } ?? ""
        let commit = try reading.open().rollback(
            model: name, alias: alias, toEpoch: to, expectEpoch: expectEpoch,
            note: writing.note(
                "rollback \(name)\(target) --alias \(alias)", evidence: proof.bytes(about: name)))
        let result = AliasMove(model: name, alias: alias, commit: commit)
        try Output.print(json: reading.json, result, text: result.text)
    }
}

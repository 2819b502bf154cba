import ArgumentParser
import ModelRegistry

/// `dien-registry split allow`.
struct SplitAllowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow", abstract: "Give one unit an arm in any case, to try it out.",
        discussion: """
            Units on an allow-list did not get their arm by chance, so no statistics count them.

            EXAMPLES
              dien-registry split allow sports user-4711 --arm candidate
              dien-registry split allow sports user-4711 --remove
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The unit, as requests name it in their routing key.")
    var unit: String

    @Option(help: "The arm.")
    var arm: String?

    @Flag(help: "Take the unit off the allow-list.")
    var remove = false

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (arm == nil) == remove else { throw ValidationError("give either --arm or --remove") }
    }

    func run() throws {
        // The unit may be personal, and the log is for good, so it is not repeated there.
        let commit = try reading.open().allow(
            unit, arm: arm, of: name, expectEpoch: expectEpoch,
            note: writing.note("split allow \(name) \(arm.map { "--arm \($0)" } ?? "--remove")"))
        let report = SplitReport(model: name, commit: commit)
        try Output.print(json: reading.json, report, text: report.text)
    }
}

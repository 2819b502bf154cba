import ArgumentParser
import ModelRegistry

/// `dien-registry log`.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Tell who changed what, when and why, newest first.",
        discussion: """
            The hash chain between the epochs shown is checked.

            EXAMPLES
              dien-registry log
              dien-registry log --limit 1 --json

            JSON: {"epochs":[{"actor":"ann@build","command":"promote sports 2 --alias champion","epoch":8,"reason":…,\
            "time":"2026-11-24T11:00:00.000Z"},…]}, "reason" and "evidence", a digest, only where one was given
            """)

    @Option(help: "How many epochs to show; 0: all.")
    var limit = 20

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit \(limit): give a number of epochs, or 0 for all") }
    }

    func run() throws {
        let states = try reading.open().history(limit: limit == 0 ? .max : limit)
        let result = Result(epochs: states.map(Epoch.init))
        try Output.print(
            json: reading.json, result, text: result.epochs.map(\.text).joined(separator: "\n"))
    }

    private struct Result: Encodable {
        let epochs: [Epoch]
    }

    private struct Epoch: Encodable {
        let epoch: UInt64
        let time: String
        let actor: String
        let command: String
        let reason: String?
        let evidence: String?

        init(_ state: RegistryState) {
            epoch = state.epoch
            time = state.time
            actor = state.actor
            command = state.command
            reason = state.reason
            evidence = state.evidence.map { "\($0.digest)" }
        }

        var text: String {
            "\(Output.padded("\(epoch)", 5)) \(time)  \(actor)  \(command)" + (reason.map { "  \($0)" } ?? "")
                + (evidence.map { "  evidence \($0.dropFirst(7).prefix(12))" } ?? "")
        }
    }
}

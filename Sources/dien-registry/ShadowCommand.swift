import ArgumentParser
import ModelRegistry

/// `dien-registry shadow`.
struct ShadowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Have a version score copies of some requests, beside the one that answers.",
        discussion: """
            Nobody gets the shadow's scores; they are compared with those of the version that answered.

            EXAMPLES
              dien-registry shadow sports 3 5
              dien-registry shadow sports off

            JSON: {"committed":true,"epoch":9,"model":"sports","shadow":{"rate":500,"version":3}}, "shadow" absent when off
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, an alias of it, or 'off'.")
    var version: String

    @Argument(help: "The part of requests to copy, in percent.")
    var rate: Percent?

    @Option(help: "Commit only on top of this epoch.")
    var expectEpoch: UInt64?

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (rate == nil) == (version == "off") else {
            throw ValidationError("give a version and a rate in percent, or 'off' alone")
        }
    }

    func run() throws {
        let registry = try reading.open()
        let state = try registry.currentState()
        let shadow = try rate.map {
            RegisteredShadow(
                target: try VersionReference(argument: version, of: name, in: state), rate: $0.basisPoints)
        }
        let percent = rate.map { " " + $0.argument } ?? ""
        let commit = try registry.shadow(
            shadow, of: name, expectEpoch: expectEpoch,
            note: writing.note("shadow \(name) \(version)\(percent)"), verifier: ModelVerifier().verify)
        let report = Report(model: name, epoch: commit.state.epoch, committed: commit.isNew, shadow: shadow)
        try Output.print(json: reading.json, report, text: report.text)
    }

    private struct Report: Encodable {
        let model: String
        let epoch: UInt64
        let committed: Bool
        let shadow: RegisteredShadow?

        var text: String {
            let line = shadow.map { "shadow of \(model): \($0.text)" } ?? "no shadow of \(model)"
            return "\(line)\nepoch \(epoch)"
        }
    }
}

extension RegisteredShadow {
    /// For people.
    var text: String { "\(target.text) scores \(Percent.text(Double(rate) / 10_000)) of requests" }
}

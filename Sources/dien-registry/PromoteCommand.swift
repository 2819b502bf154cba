import ArgumentParser
import Experiment
import Files
import ModelRegistry

/// `dien-registry promote`.
struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Verify a version and point an alias at it; 'champion' is what is served.",
        discussion: """
            With --require-judge a version becomes the champion only by a PASS in the split that runs, against the champion of \
            now, which is computed again from its evidence: judged on the spot (--from), or before (--evidence), or else the \
            newest that this split's epochs name. The evidence goes along with the epoch.

            EXAMPLES
              dien-registry promote sports 2 --reason "AUC 0.772 to 0.781"
              dien-registry promote sports challenger --expect-current 1
              dien-registry promote sports 3 --alias challenger --expect-epoch 7
              dien-registry promote sports 3 --require-judge --from ranker-1:50051 ranker-2:50051 --stop-split
              dien-registry promote sports 3 --require-judge --evidence verdict.json --evidence-age 600

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

    @Flag(help: "Refuse unless the version has passed in the split that runs.")
    var requireJudge = false

    @Option(help: "Seconds that the verdict may be old.")
    var evidenceAge = 3600

    @Flag(help: "End the model's split and shadow in the same epoch.")
    var stopSplit = false

    @OptionGroup var proof: EvidenceOption
    @OptionGroup var replicas: ReplicaOptions
    @OptionGroup var choice: TrialOptions
    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard requireJudge || replicas.from.isEmpty else {
            throw ValidationError("--from judges, which --require-judge asks for")
        }
        guard proof.evidence == nil || replicas.from.isEmpty else {
            throw ValidationError("give either --evidence or --from")
        }
        guard evidenceAge >= 0 else { throw ValidationError("--evidence-age is a number of seconds") }
    }

    // On the main thread like the commands that ask nobody, so that faults can be injected call by call.
    @MainActor
    func run() async throws {
        let registry = try reading.open()
        let answers = replicas.from.isEmpty ? [] : try await replicas.answers(about: name)
        let state = try registry.currentState()
        let number = try state.versionNumber(version, of: name)
        var note = writing.note(
            "promote \(name) \(number) --alias \(alias)\(requireJudge ? " --require-judge" : "")"
                + (stopSplit ? " --stop-split" : ""))
        note.evidence = try proof.bytes(about: name)
        if requireJudge { note.evidence = try passed(number, answers, state, registry).bytes }
        let commit = try registry.promote(
            model: name, version: number, alias: alias,
            // A verdict is on the state that it was made for.
            expectEpoch: expectEpoch ?? (requireJudge ? state.epoch : nil), expectCurrent: expectCurrent,
            endingSplit: stopSplit, note: note, verifier: ModelVerifier().verify)
        let result = AliasMove(model: name, alias: alias, commit: commit)
        try Output.print(json: reading.json, result, text: result.text)
    }

    /// The evidence of a PASS that counts here; throws why there is none.
    private func passed(
        _ number: UInt64, _ answers: [(replica: String, answer: Hearing.Answer)], _ state: RegistryState,
        _ registry: Registry
    ) throws -> EvidenceDocument {
        let policy = try replicas.settings()
        var document: EvidenceDocument?
        if let path = proof.evidence {
            document = try EvidenceDocument(path: path, model: name)
        } else if !answers.isEmpty {
            let trial = try choice.trial(of: name, in: state)
            document = try EvidenceDocument(
                Evidence(
                    trial: trial, epoch: state.epoch, time: WallClock.now(), policy: policy,
                    hearing: Hearing(of: trial, answers, state: state, in: registry)))
        } else {
            document = try registry.newestEvidence(about: name, in: state) { $0.candidate.version == number }
        }
        guard let document else { throw JudgingError.notJudged(model: name, version: number) }
        try document.requirePass(
            of: number, in: state, policy: policy, age: evidenceAge, now: WallClock.unixMilliseconds())
        return document
    }
}

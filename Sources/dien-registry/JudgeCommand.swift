import ArgumentParser
import Experiment
import Files
import ModelRegistry

/// `dien-registry judge`.
struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Say whether a candidate may take more traffic, by what the replicas have counted.",
        discussion: """
            Adds up the counters of all replicas and judges the split that runs, or else the shadow. Every test may be looked \
            at any time. Checks: replicas (all answer), guards of replicas, guard (bad events fall on the arms as requests do), \
            sample ratio (units do), data, click-through rate and log loss (surely not worse by more than a margin), calibration; of a \
            shadow its requests, failures and latency. A replica that follows another experiment or version is named and left \
            out; one that does not answer is data that is missing.

            EXAMPLES
              dien-registry judge sports --from ranker-1:50051 ranker-2:50051 ranker-3:50051
              dien-registry judge sports --from ranker-1:50051 --save counters.json --evidence verdict.json
              dien-registry judge sports --from counters.json --policy strict.json --json
              dien-registry promote sports 3 --require-judge --evidence verdict.json
              dien-registry judge sports --epoch 14

            --policy names settings that differ from the defaults: {"alpha":0.05,"calibrationTolerance":0.02,"clickMargin":0.02,\
            "failureTolerance":0.001,"guardAlpha":0.01,"latencyTolerance":2,"logLossMargin":0.01,"minimumImpressions":5000,\
            "minimumShadowedRequests":1000,"minimumUnits":1000,"tuning":50000}

            --epoch computes the verdict that led to an epoch again, from the evidence that the epoch names.

            JSON: {"candidate":{"arm":"candidate","badEvents":0,"clicks":…,"impressions":…,"requests":…,"units":…,"version":3},\
            "checks":[{"decision":"PASS","lower":…,"name":"guard","reason":…,"upper":…,"value":…},…],"control":{…},\
            "decision":"PASS","epoch":14,"evidence":"sha256:…","experiment":"sports.9","kind":"split","model":"sports",\
            "replicas":[{"epoch":14,"name":"ranker-1:50051","part":"counted","reason":""},…],"time":…}, with --epoch also \
            "replay":{"differences":[],"same":true}

            EXIT STATUS
              0 PASS · 6 HOLD · 7 INSUFFICIENT · 8 FAIL · 2 usage · 3 nothing is tried · 4 a file or the registry is damaged · \
            5 input or output failed; with --epoch: 0 the same verdict, 4 another one
            """)

    @Argument(help: "The model's name.")
    var name: String

    @OptionGroup var replicas: ReplicaOptions
    @OptionGroup var choice: TrialOptions

    @Option(help: "Write the counters to this file.", completion: .file(extensions: ["json"]))
    var save: String?

    @Option(
        help: "Write the evidence, which the verdict can be computed from again, to this file.",
        completion: .file(extensions: ["json"]))
    var evidence: String?

    @Option(help: "Compute the verdict that led to this epoch again.")
    var epoch: UInt64?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (epoch == nil) != replicas.from.isEmpty else {
            throw ValidationError("give either --from, the replicas, or --epoch, a verdict of the past")
        }
    }

    func run() async throws {
        let registry = try reading.open()
        if let epoch { return try replay(epoch, in: registry) }
        let answers = try await replicas.answers(about: name)
        // After the answers, so that no replica is ahead of it.
        let state = try registry.currentState()
        let trial = try choice.trial(of: name, in: state)
        let time = WallClock.now()
        let document = try EvidenceDocument(
            Evidence(
                trial: trial, epoch: state.epoch, time: time, policy: replicas.settings(),
                hearing: Hearing(of: trial, answers, state: state, in: registry)))
        if let save { try SavedCounters(answers, time: time).write(to: save) }
        if let evidence { try Output.write(String(decoding: document.bytes, as: UTF8.self), to: evidence) }
        let report = JudgeReport(document)
        try Output.print(json: reading.json, report, text: report.text)
        let code = document.evidence.verdict.decision.exitCode
        if code != 0 { throw ExitCode(code) }
    }

    private func replay(_ epoch: UInt64, in registry: Registry) throws {
        let state = try registry.state(epoch: epoch)
        guard let document = try EvidenceDocument(about: name, of: state, in: registry) else {
            throw JudgingError.noEvidence(epoch: epoch, model: name)
        }
        let report = JudgeReport(document, replayed: true)
        try Output.print(json: reading.json, report, text: report.text)
        if report.replay?.same != true { throw ExitCode(ExitStatus.verificationRefused.rawValue) }
    }
}

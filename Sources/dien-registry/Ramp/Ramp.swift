import Experiment
import Files
import ModelRegistry

/// A ramp of one candidate: looks at the registry and the replicas, has ``RampController`` decide, and does it. Everything that
/// it goes by is in the registry, so it may be ended at any moment and begun again.
struct Ramp {
    /// What does not change from look to look.
    struct Settings {
        let model: String
        let candidate: UInt64
        let controller: RampController
        let policy: JudgePolicy
        /// The part of requests that is shadowed, in basis points.
        let shadowRate: UInt32
        /// What a new split's units are.
        let unit: String
        /// Whether a version that has failed is tried again.
        let isAgain: Bool
        let actor: String
    }

    let registry: Registry
    let settings: Settings
    /// Asks the replicas about the model.
    let ask: () async -> [(replica: String, answer: Hearing.Answer)]
    /// Loads a version as a server would before it gets traffic.
    let verify: VersionVerifier

    /// Whether the candidate was on its way in some look.
    private var hasBegun = false
    /// Since when the exposure is what it is, for the epoch that it was looked up for.
    private var since: (epoch: UInt64, time: String)?

    init(
        _ registry: Registry, _ settings: Settings, verify: @escaping VersionVerifier,
        ask: @escaping () async -> [(replica: String, answer: Hearing.Answer)]
    ) {
        self.registry = registry
        self.settings = settings
        self.verify = verify
        self.ask = ask
    }

    /// One look, and what follows from it. A state that another writer changed meanwhile is looked at again at once: who was
    /// first has won.
    mutating func look(now: () -> UInt64 = WallClock.unixMilliseconds) async throws -> RampLook {
        for _ in 0..<5 {
            let answers = isTried(try registry.currentState()) ? await ask() : []
            do {
                let look = try decide(answers, now: now())
                hasBegun = hasBegun || look.phase != nil || look.committed != nil
                return look
            } catch RegistryError.epochMoved { continue }
        }
        throw RegistryError.contended(attempts: 5)
    }

    private func isTried(_ state: RegistryState) -> Bool {
        guard let model = state.models[settings.model] else { return false }
        return settings.controller.phase(of: .init(of: settings.candidate, in: model)) != nil
    }

    private mutating func decide(
        _ answers: [(replica: String, answer: Hearing.Answer)], now: UInt64
    ) throws -> RampLook {
        let state = try registry.currentState()
        let model = try state.model(settings.model)
        let stage = RampController.Stage(of: settings.candidate, in: model)
        let document = try answers.isEmpty ? nil : judge(answers, stage, state, now)
        var look = RampController.Look(stage: stage, hasBegun: hasBegun)
        look.seconds = try seconds(in: state, now: now)
        look.units = document?.evidence.hearing.units ?? 0
        look.verdict = document?.evidence.verdict
        if stage == .absent, !hasBegun, !settings.isAgain {
            look.failure = try registry.failure(
                of: settings.candidate, model: settings.model, before: state)
        }
        let step = settings.controller.step(look)
        var report = RampLook(look, step, settings, state, document, now: now)
        if case .act(let change, let reason) = step {
            let commit = try apply(change, reason: reason, on: state, document, now: now)
            report.committed = commit.isNew ? commit.state.epoch : nil
        }
        return report
    }

    private func judge(
        _ answers: [(replica: String, answer: Hearing.Answer)], _ stage: RampController.Stage,
        _ state: RegistryState, _ now: UInt64
    ) throws -> EvidenceDocument? {
        guard settings.controller.phase(of: stage) != nil else { return nil }
        let trial = try Trial(of: settings.model, in: state)
        return try EvidenceDocument(
            Evidence(
                trial: trial, epoch: state.epoch,
                time: Timestamp.text(now),
                policy: settings.policy, hearing: Hearing(of: trial, answers, state: state, in: registry)))
    }

    /// How long the candidate has been exposed as it is. A time that nobody can read counts as now.
    private mutating func seconds(in state: RegistryState, now: UInt64) throws -> Double {
        if since?.epoch != state.epoch {
            let origin = try registry.origin(of: settings.model, in: state) { $0.exposure }
            since = (state.epoch, origin.time)
        }
        return max(0, since.flatMap { Timestamp.seconds(since: $0.time, now: now) } ?? 0)
    }

    private func apply(
        _ change: RampController.Change, reason: String, on state: RegistryState,
        _ document: EvidenceDocument?, now: UInt64
    ) throws -> Commit {
        let (model, candidate) = (settings.model, settings.candidate)
        let epoch = state.epoch
        let note = CommitNote(
            command: "ramp run \(model): \(change.command(candidate: candidate))",
            reason: Self.recordable(reason), evidence: document?.bytes, actor: settings.actor,
            time: Timestamp.text(now))
        switch change {
        case .shadow:
            let shadow = RegisteredShadow(target: .version(candidate), rate: settings.shadowRate)
            return try registry.shadow(
                shadow, of: model, expectEpoch: epoch, note: note, verifier: verify)
        case .start(let share):
            let split = RegisteredSplit(
                salt: "\(model).\(epoch + 1)", unit: settings.unit,
                arms: [
                    .init(name: "candidate", target: .version(candidate)),
                    .init(name: "control", target: .alias(RegistryState.champion)),
                ], coverage: RampController.coverage(ofShare: share), control: "control")
            return try registry.startSplit(
                split, of: model, expectEpoch: epoch, note: note, verifier: verify)
        case .raise(let share):
            return try registry.rampSplit(
                of: model, to: RampController.coverage(ofShare: share), expectEpoch: epoch, note: note)
        case .promote:
            return try registry.promote(
                model: model, version: candidate, expectEpoch: epoch, endingSplit: true, note: note,
                verifier: verify)
        case .end, .rollBack:
            return try registry.stopSplit(of: model, endingShadow: true, expectEpoch: epoch, note: note)
        }
    }

    /// A reason as a state may hold it: replicas have a word in it.
    static func recordable(_ reason: String) -> String {
        var text = ""
        for character in reason {
            let isControl = character.unicodeScalars.contains { scalar in
                [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            }
            let next = isControl ? " " : String(character)
            guard text.utf8.count + next.utf8.count <= 1000 else { return text + "…" }
            text += next
        }
        return text.isEmpty ? "-" : text
    }
}

extension RampController {
    /// The coverage that gives the candidate this share beside a control of its size.
    static func coverage(ofShare share: Int) -> UInt32 {
        min(UInt32(2 * share), RegisteredSplit.fullCoverage)
    }
}

extension RampController.Change {
    /// What it is called in the log.
    func command(candidate: UInt64) -> String {
        switch self {
        case .shadow: "shadow \(candidate)"
        case .start(let share): "split start \(candidate) at \(Self.percent(share))"
        case .raise(let share): "split ramp to \(Self.percent(share))"
        case .promote: "promote \(candidate)"
        case .end: "split stop"
        case .rollBack: "roll back"
        }
    }

    static func percent(_ share: Int) -> String { Percent.text(Double(share) / 10_000) }
}

import Experiment
import Files
import ModelRegistry

/// What one look of a ramp saw and did: a line.
struct RampLook: Encodable {
    /// What was done, or is to be.
    enum Action: String, Encodable {
        case wait, act, ask, finish, refuse
    }

    let time: String
    let model: String
    let candidate: UInt64
    let epoch: UInt64
    /// From 1; absent where the candidate is not on its way.
    let phase: Int?
    let phases: Int
    /// Of the traffic, in basis points.
    let share: Int?
    let seconds: Int
    let units: Int
    let decision: Verdict.Decision?
    let counted: Int
    let asked: Int
    let action: Action
    let change: String?
    let reason: String
    /// What a person may run.
    let run: String?
    /// The epoch that was committed.
    var committed: UInt64?
    /// Whether the ramp is over, and with which status; nil while it goes on.
    let exitCode: Int32?

    private enum CodingKeys: String, CodingKey {
        case time, model, candidate, epoch, phase, phases, share, seconds, units, decision, counted, asked,
            action,
            change, reason, run, committed
    }

    init(
        _ look: RampController.Look, _ step: RampController.Step, _ settings: Ramp.Settings,
        _ state: RegistryState, _ document: EvidenceDocument?, now: UInt64
    ) {
        let controller = settings.controller
        time = Timestamp.text(now)
        model = settings.model
        candidate = settings.candidate
        epoch = state.epoch
        phase = controller.phase(of: look.stage).map { $0 + 1 }
        phases = controller.plan.phases.count
        share = look.stage.share
        seconds = Int(look.seconds)
        units = look.units
        decision = look.verdict?.decision
        counted = document?.evidence.hearing.countedReplicas ?? 0
        asked = document?.evidence.hearing.replicas.count ?? 0
        var due: RampController.Change?
        switch step {
        case .wait(let why): (action, reason, exitCode) = (.wait, why, nil)
        case .act(let change, let why):
            due = change
            (action, reason) = (.act, why)
            exitCode = change == .rollBack ? Verdict.Decision.fail.exitCode : change.isLast ? 0 : nil
        case .ask(let change, let why):
            due = change
            (action, reason, exitCode) = (.ask, why, nil)
        case .finish(let why):
            (action, reason) = (.finish, why)
            if case .champion = look.stage {
                exitCode = 0
            } else {
                exitCode = ExitStatus.preconditionLost.rawValue
            }
        case .refuse(let why):
            (action, reason, exitCode) = (.refuse, why, ExitStatus.preconditionLost.rawValue)
        }
        change = due?.command(candidate: settings.candidate)
        run = action == .ask ? due?.command(for: settings, epoch: state.epoch) : nil
    }

    /// For people, on one line.
    var text: String {
        let place =
            phase.map { "phase \($0) of \(phases) (\(RampController.Change.percent(share ?? 0)))" }
            ?? "no phase"
        let answers =
            asked > 0 ? ", \(counted) of \(asked) replicas, \(decision?.rawValue ?? "no verdict")" : ""
        let done =
            switch action {
            case .wait: "waits: \(reason)"
            case .act: "\(change ?? "")\(committed.map { ", epoch \($0)" } ?? ", as it was"): \(reason)"
            case .ask: "asks for \(change ?? ""): \(reason); run: \(run ?? "")"
            case .finish: "is over: \(reason)"
            case .refuse: "cannot go on: \(reason)"
            }
        return "\(time) epoch \(epoch), \(place)\(answers): \(done)"
    }

    /// Whether it should stay to be read, where the others are overwritten.
    var isNews: Bool { action != .wait }
}

extension RampController.Stage {
    /// The candidate's part of the traffic, in basis points; nil where it is not on its way.
    fileprivate var share: Int? {
        switch self {
        case .shadow: 0
        case .split(let share, _): share
        case .absent, .champion, .foreign: nil
        }
    }
}

extension RampController.Change {
    /// Whether nothing is left to do after it.
    fileprivate var isLast: Bool { self == .promote || self == .end }

    /// The command that a person may run to make the change, on top of the epoch that was looked at.
    fileprivate func command(for settings: Ramp.Settings, epoch: UInt64) -> String {
        let (model, candidate) = (settings.model, settings.candidate)
        func coverage(_ share: Int) -> String {
            Percent(basisPoints: RampController.coverage(ofShare: share)).argument
        }
        let command =
            switch self {
            case .shadow: "shadow \(model) \(candidate) \(Percent(basisPoints: settings.shadowRate).argument)"
            case .start(let share):
                "split start \(model) --candidate \(candidate) --coverage \(coverage(share)) --unit \(settings.unit)"
            case .raise(let share): "split ramp \(model) \(coverage(share))"
            case .promote: "promote \(model) \(candidate) --stop-split"
            case .end, .rollBack: "split stop \(model)"
            }
        return "dien-registry \(command) --expect-epoch \(epoch)"
    }
}

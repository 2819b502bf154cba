/// Decides what a ramp does next: by the plan, by what the registry's state tells now, and by what the replicas said. It
/// remembers nothing, so that it may be stopped and started at any moment.
public struct RampController: Sendable {
    /// Where the state has the candidate.
    public enum Stage: Sendable, Equatable {
        /// Nothing tries it.
        case absent
        /// It scores copies of requests, and answers nobody.
        case shadow
        /// It answers this share of the traffic, in basis points, beside a control of the same size.
        case split(share: Int, isHeld: Bool)
        /// It answers everybody; `isEnded` where nothing is left of the experiment.
        case champion(isEnded: Bool)
        /// Something that is not this ramp's to change.
        case foreign(reason: String)
    }

    /// What is known at one moment.
    public struct Look: Sendable, Equatable {
        /// Where the candidate is.
        public var stage: Stage
        /// For how long it has had this share.
        public var seconds: Double
        /// Units that it has seen; shadowed requests where it answers nobody.
        public var units: Int
        /// What is to be said of it; nil where no replica told anything.
        public var verdict: Verdict?
        /// Whether this run has seen the candidate on its way already: when it is gone then, somebody ended the experiment, and
        /// no other is begun.
        public var hasBegun: Bool
        /// Why an earlier experiment with this version was ended; nil where none was.
        public var failure: String?

        /// What is known at one moment.
        public init(
            stage: Stage, seconds: Double = 0, units: Int = 0, verdict: Verdict? = nil,
            hasBegun: Bool = false,
            failure: String? = nil
        ) {
            self.stage = stage
            self.seconds = seconds
            self.units = units
            self.verdict = verdict
            self.hasBegun = hasBegun
            self.failure = failure
        }
    }

    /// A change of what is served.
    public enum Change: Sendable, Equatable {
        /// Have it score copies of requests.
        case shadow
        /// Start an experiment with this share.
        case start(share: Int)
        /// Give it this share.
        case raise(share: Int)
        /// Make it the champion, and end the experiment.
        case promote
        /// End the experiment of a champion, which changes nobody's answers.
        case end
        /// Take everything from it.
        case rollBack
    }

    /// What is done now.
    public enum Step: Sendable, Equatable {
        /// Nothing.
        case wait(reason: String)
        /// This, at once.
        case act(Change, reason: String)
        /// This is due, and a person has to do it.
        case ask(Change, reason: String)
        /// The ramp is over.
        case finish(reason: String)
        /// The ramp cannot go on.
        case refuse(reason: String)
    }

    /// The way up. Before a first phase that has traffic there is one without, for candidates that have less than it.
    public let plan: RampPlan
    /// Whether it gives the candidate more traffic by itself. It always takes traffic away by itself.
    public let promotes: Bool

    private let begin: Change

    /// A controller of this plan.
    public init(_ plan: RampPlan, promotes: Bool) {
        let first = plan.phases[0].share
        begin = first == 0 ? .shadow : first == RampPlan.whole ? .promote : .start(share: first)
        self.plan =
            first == 0
            ? plan
            : RampPlan(phases: [.init(share: 0, holdSeconds: 0, minimumUnits: 0)] + plan.phases)
        self.promotes = promotes
    }

    /// The phase of a stage, by its place in the plan: the last one whose share is not above the stage's. Nil where the
    /// candidate is not on its way.
    public func phase(of stage: Stage) -> Int? {
        switch stage {
        case .shadow: 0
        case .split(let share, _): plan.phases.lastIndex { $0.share <= share } ?? 0
        case .absent, .champion, .foreign: nil
        }
    }

    /// What to do at this moment.
    public func step(_ look: Look) -> Step {
        switch look.stage {
        case .foreign(let reason): return .refuse(reason: reason)
        case .champion(let isEnded):
            return isEnded
                ? .finish(reason: "it is the champion") : .act(.end, reason: "it is the champion already")
        case .absent: return first(look)
        case .shadow, .split: return goOn(look)
        }
    }

    private func first(_ look: Look) -> Step {
        guard !look.hasBegun else { return .finish(reason: "somebody ended the experiment") }
        if let failure = look.failure { return .refuse(reason: failure) }
        // Shadowing changes nobody's answer, and whoever runs a ramp has asked for it.
        return begin == .shadow
            ? .act(begin, reason: "the first phase") : up(begin, reason: "the first phase")
    }

    private func goOn(_ look: Look) -> Step {
        let phase = phase(of: look.stage) ?? 0
        let action = plan.action(
            phase: phase, seconds: look.seconds, units: look.units, verdict: look.verdict)
        switch action {
        case .hold(let reason): return .wait(reason: reason)
        case .rollBack(let reason): return .act(.rollBack, reason: reason)
        case .raise(let next):
            if case .split(_, isHeld: true) = look.stage {
                return .wait(reason: "somebody holds the split; `split ramp --resume` goes on")
            }
            let share = plan.phases[next].share
            let reason = "phase \(phase + 1) is over, and nothing speaks against the next"
            return up(look.stage == .shadow ? .start(share: share) : .raise(share: share), reason: reason)
        case .promote:
            if case .split(_, isHeld: true) = look.stage {
                return .wait(reason: "somebody holds the split; `promote` goes on")
            }
            return up(.promote, reason: "every check has passed")
        }
    }

    private func up(_ change: Change, reason: String) -> Step {
        promotes ? .act(change, reason: reason) : .ask(change, reason: reason)
    }
}

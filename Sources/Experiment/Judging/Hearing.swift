/// What the replicas said about a trial, added up: sums, and who told them. All that a verdict is made of.
public struct Hearing: Sendable, Equatable, Codable {
    /// What one replica answered.
    public enum Answer: Sendable, Equatable {
        /// Its counters.
        case tally(ServerTally)
        /// Nothing, for this reason.
        case silence(String)
    }

    /// One replica that was asked.
    public struct Replica: Sendable, Equatable, Codable {
        /// What became of its answer.
        public enum Part: String, Sendable, Codable {
            /// Its counters are part of the sums.
            case counted
            /// It did not answer.
            case silent
            /// It answered about something else, or what cannot be.
            case leftOut
        }

        /// Its address, as it was asked for.
        public var name: String
        /// What became of its answer.
        public var part: Part
        /// The epoch that it follows; nil where it did not answer.
        public var epoch: UInt64?
        /// Why it is not counted; empty where it is.
        public var reason: String
        /// What its own guard has done about the candidate; nil where there is none, or nothing was done.
        public var alarm: ArmGuard?

        init(
            _ name: String, _ part: Part, epoch: UInt64? = nil, reason: String = "", alarm: ArmGuard? = nil
        ) {
            self.name = name
            self.part = part
            self.epoch = epoch
            self.reason = reason
            self.alarm = alarm
        }
    }

    /// Everybody who was asked, in the order of asking.
    public private(set) var replicas: [Replica] = []
    /// The candidate's arm; of a split alone.
    public private(set) var candidate: Judge.Arm?
    /// The control; of a split alone.
    public private(set) var control: Judge.Arm?
    /// Both versions' scores of the same requests; of a shadow alone.
    public private(set) var shadow: ShadowComparison.Sums?

    /// Adds up what was answered about a trial. `objection` says why a server that follows another epoch does not count; nil
    /// where its state says the same of the trial. A replica that counts and has nothing to tell yet adds nothing.
    public init(
        of trial: Trial, _ answers: [(replica: String, answer: Answer)],
        objection: (ServerTally.Server) -> String?
    ) {
        var sums = Sums()
        for (name, answer) in answers { replicas.append(sums.hear(name, answer, of: trial, objection)) }
        switch trial.kind {
        case .split:
            candidate = Judge.Arm(
                counters: sums.candidate.counters, units: sums.candidate.units, weight: trial.candidate.weight
            )
            control = Judge.Arm(
                counters: sums.control.counters, units: sums.control.units, weight: trial.control.weight)
        case .shadow: shadow = sums.shadow.sums
        }
    }

    /// How many replicas are part of the sums.
    public var countedReplicas: Int { replicas.count { $0.part == .counted } }

    /// Units that the candidate has seen, or requests that it has scored as a shadow.
    public var units: Int {
        if let candidate { return Int(min(candidate.units.estimatedUnits, 1e15)) }
        return shadow.map { $0.requests } ?? 0
    }
}

/// The sums while they grow.
private struct Sums {
    struct Side {
        var counters = ArmCounters()
        var units = UnitSample()
    }

    var candidate = Side()
    var control = Side()
    var shadow = ShadowComparison()

    mutating func hear(
        _ name: String, _ answer: Hearing.Answer, of trial: Trial,
        _ objection: (ServerTally.Server) -> String?
    ) -> Hearing.Replica {
        let tally: ServerTally
        switch answer {
        case .silence(let reason): return Hearing.Replica(name, .silent, reason: reason)
        case .tally(let told): tally = told
        }
        guard let server = tally.servers.first, tally.servers.count == 1 else {
            return Hearing.Replica(
                name, .leftOut, reason: "its counters are of \(tally.servers.count) servers")
        }
        if let reason = objection(server) {
            return Hearing.Replica(name, .leftOut, epoch: server.epoch, reason: reason)
        }
        let model = tally.models.first { $0.model == trial.model }
        switch trial.kind {
        case .split:
            let arms = model?.experiments.first { $0.experiment == trial.experiment }?.arms ?? []
            let (one, other) = (Self.arm(trial.candidate, in: arms), Self.arm(trial.control, in: arms))
            for arm in [one, other] {
                if let fault = arm?.counters.fault {
                    return Hearing.Replica(name, .leftOut, epoch: server.epoch, reason: fault)
                }
            }
            if let one { candidate.add(one) }
            if let other { control.add(other) }
            let alarm = one?.guards.first { ![.unwatched, .closed].contains($0.state) }
            return Hearing.Replica(name, .counted, epoch: server.epoch, alarm: alarm)
        case .shadow:
            let key = ModelTally.ShadowKey(
                version: trial.candidate.version, championVersion: trial.control.version,
                segment: ShadowSegment(dimension: .all, label: ""))
            if let comparison = model?.shadows[key] { shadow = shadow + comparison }
            return Hearing.Replica(name, .counted, epoch: server.epoch)
        }
    }

    private static func arm(_ side: Trial.Side, in arms: [ArmTally]) -> ArmTally? {
        arms.first { $0.name == side.arm && $0.version == side.version }
    }
}

extension Sums.Side {
    fileprivate mutating func add(_ arm: ArmTally) {
        counters = counters + arm.counters
        units = units.union(arm.units)
    }
}

extension Judge {
    /// The verdict on what the replicas said. A candidate that fails at those who answered has failed, whoever is missing.
    public func verdict(on hearing: Hearing) -> Verdict {
        var checks = [replicas(hearing)]
        if let candidate = hearing.candidate, let control = hearing.control {
            checks.append(localGuards(hearing))
            checks += verdict(candidate: candidate, control: control).checks
        } else if let shadow = hearing.shadow.flatMap({ ShadowComparison($0) }) {
            checks += verdict(shadow: shadow).checks
        } else {
            checks.append(check("data", .insufficient, "there are no counters"))
        }
        return Verdict(checks: checks)
    }

    private func replicas(_ hearing: Hearing) -> Verdict.Check {
        let counted = hearing.countedReplicas
        let others = hearing.replicas.filter { $0.part != .counted }
        let isMissing = others.contains { $0.part == .silent } && !policy.allowsMissingReplicas
        let named = others.map { replica in
            "\(replica.name) \(replica.part == .silent ? "does not answer" : "is left out") (\(replica.reason))"
        }
        return check(
            "replicas", counted == 0 || isMissing ? .insufficient : .pass,
            (["\(counted) of \(hearing.replicas.count) are counted"] + named).joined(separator: "; "),
            value: Double(counted), lower: Double(hearing.replicas.count))
    }

    /// A replica that has taken the candidate out for good is a failure; one that does so for now is no time to go on.
    private func localGuards(_ hearing: Hearing) -> Verdict.Check {
        let alarms = hearing.replicas.compactMap { replica in replica.alarm.map { (replica.name, $0) } }
        let tripped = alarms.contains { $0.1.state == .tripped }
        let told = alarms.map {
            "\($0.0): \($0.1.state.rawValue)\($0.1.reason.isEmpty ? "" : ", \($0.1.reason)")"
        }
        return check(
            "guards of replicas", tripped ? .fail : alarms.isEmpty ? .pass : .hold,
            told.isEmpty ? "none has taken the candidate out" : told.joined(separator: "; "),
            value: Double(alarms.count), upper: 0)
    }
}

internal import Charts
internal import Experiment

extension Verdict {
    /// Non-inferiority of the second model, check by check, by paired tests over users.
    ///
    /// A check passes when the interval of the difference rules a loss beyond the margin out, fails when it leaves nothing
    /// else, and holds in between. To pass, all have to: no correction for their number is needed. A failure of any is one,
    /// so that the chance of a false one grows with their number.
    init(comparing result: EvaluationResult, latency: ScoringLatency?, _ margins: ComparisonMargins) {
        let tests = result.comparison
        let first = result.evaluations[0]
        let judge = NonInferiority(confidence: margins.confidence)
        var checks = [
            judge.check("AUC", tests?.auc, margin: margins.auc),
            judge.check("GAUC by impressions", tests?.groupedAUC, margin: margins.auc),
            judge.check(
                "log loss", tests?.logLoss, margin: margins.logLoss * first.logLoss.estimate.value,
                isLowerBetter: true),
            judge.calibration(result, margin: margins.calibration),
        ]
        if let latency { checks.append(Self.check(latency, margin: margins.latency)) }
        self.init(checks: checks)
    }

    /// A slower model is not a worse one: it holds, for people to weigh.
    private static func check(_ latency: ScoringLatency, margin: Double) -> Check {
        Check(
            name: "latency", decision: latency.ratio > margin ? .hold : .pass, value: latency.ratio,
            lower: nil, upper: margin,
            reason:
                "\(NumberText.fixed(latency.ratio, 2)) times as long in the median, \(NumberText.fixed(margin, 2)) is "
                + "the margin")
    }
}

/// Checks that one thing is not worse than another by more than a margin.
struct NonInferiority {
    let confidence: Double

    /// A difference, second less first.
    func check(
        _ name: String, _ test: PairedTest?, margin: Double, isLowerBetter: Bool = false
    ) -> Verdict.Check {
        guard let test, let interval = test.difference.interval(confidence: confidence) else {
            return Verdict.Check(
                name: name, decision: .insufficient, value: test?.difference.value, lower: nil, upper: nil,
                reason: "too few users to tell how much chance there is in it")
        }
        let (worst, best) =
            isLowerBetter ? (-interval.upper, -interval.lower) : (interval.lower, interval.upper)
        let isBetter = worst > 0
        let decision: Verdict.Decision = best < -margin ? .fail : worst >= -margin ? .pass : .hold
        let limit = NumberText.fixed(margin, 4)
        let reason =
            switch decision {
            case .fail: "worse by more than \(limit) for certain"
            case .pass: isBetter ? "better for certain" : "not worse by more than \(limit)"
            default: "a loss of more than \(limit) is not ruled out"
            }
        return Verdict.Check(
            name: name, decision: decision, value: test.difference.value, lower: interval.lower,
            upper: interval.upper, reason: reason)
    }

    /// Predicted over observed clicks may move towards 1 as far as they like, and away from it by the margin.
    func calibration(_ result: EvaluationResult, margin: Double) -> Verdict.Check {
        let name = "calibration"
        let ratios = result.evaluations.compactMap(\.calibration.ratio?.value)
        guard ratios.count == 2, let test = result.comparison?.calibration,
            let interval = test.difference.interval(confidence: confidence)
        else {
            return Verdict.Check(
                name: name, decision: .insufficient, value: nil, lower: nil, upper: nil,
                reason: "too few clicks to tell")
        }
        // Ratios r and 1/r are as far from 1 as each other.
        func distance(_ ratio: Double) -> Double { max(ratio, 1 / ratio) }
        let (lower, upper) = (interval.lower / ratios[0], interval.upper / ratios[0])
        let isNearer = distance(ratios[1]) <= distance(ratios[0])
        let isWithin = lower >= -margin && upper <= margin
        let isBeyond = lower > margin || upper < -margin
        let limit = NumberText.fixed(margin * 100, 1)
        let (decision, reason): (Verdict.Decision, String) =
            isNearer
            ? (.pass, "PCOC is as near to 1")
            : isWithin
                ? (.pass, "PCOC is within \(limit) % of the other's")
                : isBeyond
                    ? (.fail, "PCOC lies more than \(limit) % further from 1 for certain")
                    : (.hold, "PCOC may lie more than \(limit) % further from 1")
        return Verdict.Check(
            name: name, decision: decision, value: test.difference.value / ratios[0], lower: lower,
            upper: upper, reason: reason)
    }
}

extension ModelComparison {
    /// What the verdict means, in a sentence.
    public var meaning: String {
        let names = verdict.obstacles.filter { $0.decision == verdict.decision }.map(\.name)
        let list = names.joined(separator: ", ")
        let level = "\(NumberText.fixed(margins.confidence * 100, margins.confidence == 0.95 ? 0 : 1)) %"
        switch verdict.decision {
        case .pass:
            let better = verdict.checks.filter { $0.reason == "better for certain" }.map(\.name)
            let gain = better.isEmpty ? "" : "; it is better in \(better.joined(separator: ", "))"
            return "\(second) is not worse than \(first) by more than the margins, at \(level)\(gain)."
        case .fail: return "\(second) is worse than \(first) by more than the margin, at \(level): \(list)."
        case .insufficient: return "Too little data to judge \(second) by: \(list)."
        case .hold:
            let isSlow = names == ["latency"]
            let mend =
                isSlow ? "It scores as well; weigh its time" : "More samples would narrow the intervals"
            return "Whether \(second) may take the place of \(first) is left open by \(list). \(mend)."
        }
    }
}

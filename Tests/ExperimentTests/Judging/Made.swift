import Experiment
import TestSupport

/// Arms and tallies that are made up, for tests of judges.
enum Made {
    /// How an arm behaves.
    struct Behaviour {
        var rate = 0.05
        var predicted = 0.05
        var badRate = 0.001
        var units = 20_000
    }

    /// What an arm counts that behaves like this: ten impressions a unit.
    static func sums(_ behaviour: Behaviour, seed: UInt64) -> (counters: ArmCounters, units: UnitSample) {
        var random = SplitMix64(seed: seed)
        var counters = ArmCounters()
        var units = UnitSample()
        for _ in 0..<behaviour.units {
            let hash = random.next()
            units.see(hash)
            let bucket = Int(hash >> 54)
            counters.add(1, to: .requests, bucket: bucket)
            counters.add(10, to: .impressions, bucket: bucket)
            counters.add(Double(random.successes(10, behaviour.rate)), to: .clicks, bucket: bucket)
            counters.add(10 * behaviour.predicted, to: .predictedClicks, bucket: bucket)
            counters.add(2 + 0.2 * random.normal(), to: .logLoss, bucket: bucket)
            if random.uniform() < behaviour.badRate { counters.add(1, to: .errors, bucket: bucket) }
        }
        return (counters, units)
    }

    static let trial = Trial(
        model: "sports", kind: .split, experiment: "sports.9",
        candidate: .init(arm: "candidate", version: 3), control: .init(arm: "control", version: 1))
    static let shadowTrial = Trial(
        model: "sports", kind: .shadow, candidate: .init(version: 3), control: .init(version: 1))

    /// What one server tells of the trial.
    static func tally(
        candidate: Behaviour = Behaviour(), control: Behaviour = Behaviour(), seed: UInt64,
        epoch: UInt64 = 12,
        armGuard: ArmGuard = ArmGuard(.closed)
    ) -> ServerTally {
        func arm(_ name: String, _ version: UInt64, _ behaviour: Behaviour, _ seed: UInt64) -> ArmTally {
            let (counters, units) = sums(behaviour, seed: seed)
            return ArmTally(
                name: name, version: version, digest: "sha256:", weight: 1, isControl: name == "control",
                counters: counters, units: units, open: .init([.clicks: 3]),
                guards: [name == "control" ? ArmGuard(.unwatched) : armGuard])
        }
        return tally(
            epoch,
            experiments: [
                ExperimentTally(
                    experiment: trial.experiment, isRunning: true,
                    arms: [
                        arm("candidate", 3, candidate, seed), arm("control", 1, control, seed &+ 1_000_003),
                        arm("control", 7, Behaviour(units: 10), seed &+ 7),
                    ])
            ])
    }

    static func tally(
        _ epoch: UInt64, experiments: [ExperimentTally] = [],
        shadows: [ModelTally.ShadowKey: ShadowComparison] = [:]
    ) -> ServerTally {
        ServerTally(
            servers: [
                .init(
                    epoch: epoch, version: "0.1", startUnixMilliseconds: 1, unixMilliseconds: 2,
                    windowMilliseconds: 3_600_000)
            ], models: [ModelTally(model: "sports", experiments: experiments, shadows: shadows)])
    }

    /// A tally with a shadow that scored so many requests, and failed on so many more.
    static func shadowed(_ count: Int, failing: Int = 0, epoch: UInt64 = 12) -> ServerTally {
        var comparison = ShadowComparison()
        for number in 0..<count {
            let p = Float(number % 97 + 1) / 100
            comparison.add(
                champion: [p, 0.2], candidate: [p * 0.99, 0.21], championSeconds: 0.001,
                candidateSeconds: 0.0011)
        }
        for _ in 0..<failing { comparison.addFailure() }
        let key = ModelTally.ShadowKey(
            version: 3, championVersion: 1, segment: ShadowSegment(dimension: .all, label: ""))
        return tally(epoch, shadows: [key: comparison])
    }
}

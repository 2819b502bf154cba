import Crypto
import Experiment
import Foundation

/// Proves the assignment at the size of its claims: a million ids equal to the reference code under every algorithm, a
/// thousand pairs of experiments independent, a ramp from 1 to 50 % that moves nobody; and tells what a call costs.
@main
enum AssignmentProof {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: assignment-proof Tests/ExperimentTests/Vectors/digests.json")
            exit(2)
        }
        let file = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
        let digests = try ReferenceDigests(json: file)
        var failures = 0
        for algorithm in AssignmentAlgorithm.allCases {
            failures += try digests.check(algorithm) ? 0 : 1
            failures += Independence.check(algorithm) ? 0 : 1
            failures += try checkRamp(algorithm) ? 0 : 1
            try time(algorithm)
        }
        failures += digests.checkSegments() ? 0 : 1
        print(failures == 0 ? "pass" : "fail: \(failures) checks")
        exit(failures == 0 ? 0 : 1)
    }

    /// Raises a candidate and its control from 1 to 50 % each and looks whether any unit changes sides or leaves.
    private static func checkRamp(_ algorithm: AssignmentAlgorithm) throws -> Bool {
        let arms = [
            TrafficSplit.Arm(name: "candidate", weight: 1), TrafficSplit.Arm(name: "control", weight: 1),
        ]
        let steps = try [200, 1_000, 2_000, 5_000, 10_000].map {
            try TrafficSplit(salt: "ramp", algorithm: algorithm, arms: arms, coverage: $0, control: "control")
        }
        var moved = 0
        for number in 0..<ReferenceDigests.idCount {
            let unit = ReferenceDigests.id(number)
            let path = steps.map { $0.assignment(of: unit).arm }.drop { $0 == nil }
            if Set(path).count != 1 { moved += 1 }
        }
        return report(
            algorithm, "ramp 1 to 50 %", "\(moved) of \(ReferenceDigests.idCount) enrolled units moved",
            moved == 0)
    }

    /// The cost of what a server does for each request, with and without a layer.
    private static func time(_ algorithm: AssignmentAlgorithm) throws {
        let arms = [
            TrafficSplit.Arm(name: "candidate", weight: 1), TrafficSplit.Arm(name: "control", weight: 1),
        ]
        let units = (0..<1_000).map { ReferenceDigests.id($0) }
        for layer in [nil, LayerSlice(layer: "home", segments: 0..<10_000)] {
            let split = try TrafficSplit(
                salt: "sports.9", algorithm: algorithm, arms: arms, coverage: 2_000, layer: layer)
            var best = Duration.seconds(1)
            var enrolled = 0
            // The best of many short rounds is what a call costs when nothing else takes the core.
            for _ in 0..<200 {
                let start = ContinuousClock.now
                enrolled = units.count { split.assignment(of: $0).arm != nil }
                best = min(best, ContinuousClock.now - start)
            }
            let nanoseconds = best.components.attoseconds / 1_000_000_000 / Int64(units.count)
            print(
                "     \(algorithm.rawValue): \(nanoseconds) ns a call\(layer == nil ? "" : " with a layer") (\(enrolled) of 1000 enrolled)"
            )
        }
    }
}

/// Prints one check and gives its outcome on.
func report(_ algorithm: AssignmentAlgorithm?, _ check: String, _ detail: String, _ holds: Bool) -> Bool {
    print("\(holds ? "ok  " : "FAIL") \(algorithm?.rawValue ?? "layer"): \(check): \(detail)")
    return holds
}

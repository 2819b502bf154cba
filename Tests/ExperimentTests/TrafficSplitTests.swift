import Experiment
import TestSupport
import Testing

@Suite struct TrafficSplitTests {
    private static let pair = [
        TrafficSplit.Arm(name: "candidate", weight: 1), TrafficSplit.Arm(name: "control", weight: 1),
    ]
    private let units = (0..<20_000).map { "user-\($0)" }

    private func split(
        _ coverage: Int, salt: String = "s1", algorithm: AssignmentAlgorithm = .sha256,
        arms: [TrafficSplit.Arm] = pair, layer: LayerSlice? = nil
    ) throws -> TrafficSplit {
        try TrafficSplit(salt: salt, algorithm: algorithm, arms: arms, coverage: coverage, layer: layer)
    }

    @Test(arguments: AssignmentAlgorithm.allCases)
    func `each arm gets its share within the binomial bound`(_ algorithm: AssignmentAlgorithm) throws {
        let arms = [20, 30, 50].map { TrafficSplit.Arm(name: "arm-\($0)", weight: $0) }
        let split = try split(4_000, algorithm: algorithm, arms: arms)
        var counts = [0, 0, 0]
        for unit in units {
            if let arm = split.assignment(of: unit).arm { counts[arm] += 1 }
        }
        for (arm, count) in zip(arms, counts) {
            let share = 0.4 * Double(arm.weight) / 100
            let expected = share * Double(units.count)
            // Four and a half standard deviations: once in 150,000.
            let bound = 4.5 * (expected * (1 - share)).squareRoot()
            #expect(
                abs(Double(count) - expected) < bound,
                "\(arm.name): \(count), expected \(expected) ± \(bound)")
        }
    }

    @Test(arguments: AssignmentAlgorithm.allCases)
    func `a ramp of the candidate from 1 to 50 % moves no enrolled unit and withdraws none`(
        _ algorithm: AssignmentAlgorithm
    ) throws {
        var before = [Int?](repeating: nil, count: units.count)
        for coverage in [200, 1_000, 2_000, 5_000, 10_000] {
            let split = try split(coverage, algorithm: algorithm)
            let now = units.map { split.assignment(of: $0).arm }
            for (old, new) in zip(before, now) where old != nil { #expect(old == new) }
            #expect(now.count { $0 != nil } > before.count { $0 != nil })
            before = now
        }
        #expect(before.allSatisfy { $0 != nil })
    }

    @Test func `raising coverage moves nobody, whatever the weights`() throws {
        var generator = SplitMix64.printed("coverage")
        for round in 0..<30 {
            let arms = (0..<Int.random(in: 1...6, using: &generator)).map {
                TrafficSplit.Arm(name: "arm-\($0)", weight: Int.random(in: 1...1_000, using: &generator))
            }
            let steps = (0..<4).map { _ in Int.random(in: 0...10_000, using: &generator) }.sorted()
            let splits = try steps.map { try split($0, salt: "round-\(round)", arms: arms) }
            for unit in units.prefix(300) {
                let path = splits.map { $0.assignment(of: unit).arm }.drop { $0 == nil }
                #expect(Set(path).count <= 1, "\(unit) at \(steps): \(path)")
            }
        }
    }

    @Test func `a control slice is as large as the candidate beside it at every step`() throws {
        let split = try TrafficSplit(salt: "s", arms: Self.pair, coverage: 1_000, control: "control")
        #expect(split.control == 1)
        let sizes = split.ranges.map { $0.end - $0.start }
        #expect(abs(sizes[0] - 0.05) < 1e-12 && abs(sizes[1] - 0.05) < 1e-12)
    }

    @Test func `a request without a unit is unassigned and goes to the champion`() throws {
        let split = try split(10_000)
        for unit in [nil, ""] {
            #expect(split.assignment(of: unit) == Assignment(arm: nil, reason: .unassigned))
        }
    }

    @Test func `the allow-list goes before segments and coverage`() throws {
        let arms = [
            TrafficSplit.Arm(name: "candidate", weight: 1, allowList: ["ann"]),
            TrafficSplit.Arm(name: "control", weight: 1, allowList: ["bob"]),
        ]
        let split = try split(0, arms: arms, layer: LayerSlice(layer: "home", segments: 0..<1))
        #expect(split.assignment(of: "ann") == Assignment(arm: 0, reason: .override))
        #expect(split.assignment(of: "bob") == Assignment(arm: 1, reason: .override))
        #expect(split.assignment(of: "carl") == Assignment(arm: nil, reason: .notEnrolled))
    }

    @Test func `experiments with different segments of one layer share no unit`() throws {
        let first = try split(10_000, salt: "a", layer: LayerSlice(layer: "home", segments: 0..<3_000))
        let second = try split(10_000, salt: "b", layer: LayerSlice(layer: "home", segments: 3_000..<10_000))
        var sizes = [0, 0]
        for unit in units {
            let enrolled = [first, second].map { $0.assignment(of: unit).reason == .enrolled }
            #expect(enrolled.count { $0 } == 1, "\(unit)")
            sizes[enrolled[0] ? 0 : 1] += 1
        }
        #expect(abs(sizes[0] - 6_000) < 300)
    }

    @Test func `experiments in different layers overlap as independent ones do`() throws {
        let first = try split(10_000, salt: "a", layer: LayerSlice(layer: "home", segments: 0..<5_000))
        let second = try split(10_000, salt: "b", layer: LayerSlice(layer: "search", segments: 0..<5_000))
        let both = units.count { unit in
            [first, second].allSatisfy { $0.assignment(of: unit).reason == .enrolled }
        }
        // A quarter of 20,000, within 4.5 standard deviations.
        #expect(abs(both - 5_000) < 276)
    }

    @Test func `one arm alone at full coverage owns everybody`() throws {
        let split = try split(10_000, arms: [TrafficSplit.Arm(name: "candidate", weight: 7)])
        #expect(units.allSatisfy { split.assignment(of: $0).arm == 0 })
    }
}

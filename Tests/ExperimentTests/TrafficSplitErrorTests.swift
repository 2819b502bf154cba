import Experiment
import Testing

@Suite struct TrafficSplitErrorTests {
    private typealias Arm = TrafficSplit.Arm

    private func expect(
        _ error: TrafficSplitError, salt: String = "s", arms: [Arm] = [Arm(name: "a", weight: 1)],
        coverage: Int = 100, control: String? = nil, layer: LayerSlice? = nil
    ) {
        #expect(throws: error) {
            _ = try TrafficSplit(salt: salt, arms: arms, coverage: coverage, control: control, layer: layer)
        }
    }

    @Test func `a salt must be there and hold no zero byte`() {
        expect(.unusableSalt(""), salt: "")
        expect(.unusableSalt("layer\0home"), salt: "layer\0home")
    }

    @Test func `arms are counted, named apart and weighed`() {
        expect(.armCount(0), arms: [])
        expect(.armCount(65), arms: (0..<65).map { Arm(name: "\($0)", weight: 1) })
        expect(.duplicateArm("a"), arms: [Arm(name: "a", weight: 1), Arm(name: "a", weight: 2)])
        expect(.weightOutside(arm: "a", weight: 0), arms: [Arm(name: "a", weight: 0)])
        expect(.weightOutside(arm: "a", weight: .max), arms: [Arm(name: "a", weight: .max)])
        expect(
            .allowedTwice(unit: "u"),
            arms: [Arm(name: "a", weight: 1, allowList: ["u"]), Arm(name: "b", weight: 1, allowList: ["u"])])
    }

    @Test func `coverage is a share`() {
        expect(.coverageOutside(-1), coverage: -1)
        expect(.coverageOutside(10_001), coverage: 10_001)
    }

    @Test func `the control slice is an arm as large as the others`() {
        let arms = [Arm(name: "a", weight: 2), Arm(name: "b", weight: 1)]
        expect(.unknownControl("c"), arms: arms, control: "c")
        expect(.unequalControl("b"), arms: arms, control: "b")
    }

    @Test(arguments: [0..<0, -1..<5, 9_999..<10_001])
    func `segments lie inside their layer`(segments: Range<Int>) {
        expect(.segmentsOutside(layer: "home"), layer: LayerSlice(layer: "home", segments: segments))
    }
}

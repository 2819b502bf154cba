import Testing

@testable import Charts

struct AxisScaleTests {
    @Test(arguments: [
        ([0.0, 10.0], 0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
        ([0.61, 0.77], 0.6, 0.8, ["0.60", "0.65", "0.70", "0.75", "0.80"]),
        ([0, 3], 0, 3, ["0", "1", "2", "3"]),
        ([-0.3, 0.2], -0.3, 0.2, ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2"]),
        ([12_345, 12_355], 12_344, 12_356, ["12344", "12346", "12348", "12350", "12352", "12354", "12356"]),
    ])
    func `ticks are round, and the limits are ticks`(
        values: [Double], lower: Double, upper: Double, labels: [String]
    ) {
        let scale = AxisScale(values)
        #expect(scale.ticks.map(scale.label) == labels)
        #expect(abs(scale.lower - lower) < 1e-9 && abs(scale.upper - upper) < 1e-9)
    }

    @Test func `nothing, one value and values that are not finite make an axis too`() {
        for values in [[], [0.5], [.nan, .infinity], [3, 3, 3], [0, 0], [1e-12, 1e-12]] as [[Double]] {
            let scale = AxisScale(values)
            #expect(
                scale.upper > scale.lower && scale.ticks.count >= 2 && scale.ticks.count < 20, "\(values)")
            for value in values where value.isFinite { #expect((0...1).contains(scale.position(value))) }
        }
    }
}

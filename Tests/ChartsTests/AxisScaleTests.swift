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

extension AxisScaleTests {
    @Test(
        arguments: [
            ([0.3, 40], ["0.2", "0.5", "1", "2", "5", "10", "20", "50"]),
            ([0.011, 0.04], ["0.01", "0.02", "0.05"]),
            ([1, 100_000], ["1", "10", "100", "1000", "10000", "100000"]),
            ([2, 2], ["2", "5"]),
        ] as [([Double], [String])])
    func `a logarithmic axis has round ticks at equal ratios`(values: [Double], labels: [String]) {
        let scale = AxisScale(logarithmic: values + [0, -1, .nan])
        #expect(scale.ticks.map(scale.label) == labels)
        for value in values { #expect((-1e-9...1 + 1e-9).contains(scale.position(value))) }
        let (first, last) = (scale.ticks[0], scale.ticks[scale.ticks.count - 1])
        #expect(abs(scale.position((first * last).squareRoot()) - 0.5) < 1e-9)
    }

    @Test func `without a value above zero there is an axis too`() {
        for values in [[], [0], [-1, .infinity]] as [[Double]] {
            let scale = AxisScale(logarithmic: values)
            #expect(scale.upper > scale.lower && scale.ticks.count >= 2)
        }
    }

    @Test func `each further nine has the same room`() {
        let scale = AxisScale(ninesUpTo: 5000)
        #expect(scale.ticks.map(scale.label) == ["0 %", "90 %", "99 %", "99.9 %", "99.99 %"])
        #expect(scale.ticks.map(scale.position).enumerated().allSatisfy { abs($1 - Double($0) / 4) < 1e-9 })
    }
}

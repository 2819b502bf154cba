/// One axis: round limits around the values, and round ticks in between.
struct AxisScale {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    /// Digits after the point that tell neighbouring ticks apart.
    let digits: Int

    /// About `count` ticks of 1, 2 or 5 times a power of ten apart. Values that are not finite do not count; without any
    /// the axis is 0...1.
    init(_ values: some Sequence<Double>, ticks count: Int = 5) {
        let finite = values.filter(\.isFinite)
        var low = finite.min() ?? 0
        var high = finite.max() ?? 1
        if high - low < max(abs(high), 1) * 1e-9 {
            let room = max(abs(high) * 0.05, 0.05)
            (low, high) = (low - room, high + room)
        }
        let (step, decimals) = Self.step((high - low) / Double(max(count, 1)))
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        lower = first * step
        upper = last * step
        ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
        digits = decimals
    }

    /// The smallest round step that is not below `least`, and the digits that it takes.
    private static func step(_ least: Double) -> (Double, Int) {
        var power = 1.0
        var digits = 0
        while power > least, digits < 9 {
            power /= 10
            digits += 1
        }
        while power * 10 <= least { power *= 10 }
        for factor in [1.0, 2, 5] where factor * power >= least { return (factor * power, digits) }
        return (10 * power, max(digits - 1, 0))
    }

    /// Where a value lies between the limits, 0...1 inside them.
    func position(_ value: Double) -> Double { (value - lower) / (upper - lower) }

    /// A tick's label.
    func label(_ tick: Double) -> String { NumberText.fixed(tick, digits) }
}

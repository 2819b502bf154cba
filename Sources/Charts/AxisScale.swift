internal import Foundation

/// One axis: round limits around the values, and round ticks in between.
struct AxisScale {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    /// Digits after the point that tell neighbouring ticks apart.
    let digits: Int
    /// Equal distances are equal ratios.
    let isLogarithmic: Bool
    /// Labels of the ticks in their order, where they are not the numbers themselves.
    let names: [String]?

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
        isLogarithmic = false
        names = nil
    }

    /// A logarithmic axis around the values that are above 0, with ticks at powers of ten, and at 2 and 5 times them
    /// where that leaves them room.
    init(logarithmic values: some Sequence<Double>) {
        let finite = values.filter { $0.isFinite && $0 > 0 }
        let low = finite.min() ?? 1
        let high = max(finite.max() ?? 10, low * 1.0001)
        let decades = Int(log10(low).rounded(.down))...max(Int(log10(high).rounded(.up)), -300)
        let factors = log10(high / low) > 3 ? [1.0] : [1.0, 2, 5]
        let marks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        lower = marks.last { $0 <= low * (1 + 1e-9) } ?? low
        upper = marks.first { $0 >= high * (1 - 1e-9) } ?? high
        ticks = marks.filter { [lower, upper] in (lower...upper).contains($0) }
        digits = 0
        isLogarithmic = true
        names = ticks.map { NumberText.fixed($0, max(0, -Int((log10($0) + 1e-9).rounded(.down)))) }
    }

    /// A logarithmic axis of shares of a whole that lie ever closer to all of it: a value is 1 / (1 - share), and there is
    /// a tick for each further nine, up to the one that `limit` lies below.
    init(ninesUpTo limit: Double) {
        let nines = max(1, Int(log10(max(limit, 1)).rounded(.up)))
        lower = 1
        upper = pow(10, Double(nines))
        ticks = (0...nines).map { pow(10, Double($0)) }
        digits = 0
        isLogarithmic = true
        names = (0...nines).map { count in
            count == 0
                ? "0 %" : NumberText.fixed(100 - pow(10, Double(2 - count)), max(0, min(9, count - 2))) + " %"
        }
    }

    /// An axis of probabilities at equal distances of their logits; it places logits, and names them by probability.
    init(logits values: some Sequence<Double>) {
        let marks = [
            1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 1 - 1e-4, 1 - 1e-5,
        ]
        .map { log($0 / (1 - $0)) }
        let finite = values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        lower = marks.last { $0 <= low } ?? low
        upper = max(marks.first { $0 >= high } ?? high, lower + 1)
        ticks = marks.filter { [lower, upper] in (lower...upper).contains($0) }
        digits = 0
        isLogarithmic = false
        names = ticks.map { logit in
            let probability = 1 / (1 + exp(-logit))
            let rest = min(probability, 1 - probability)
            return NumberText.fixed(probability, max(1, -Int((log10(rest) + 1e-6).rounded(.down))))
        }
    }

    /// An axis of classes at equal distances: class i has the room from i to i + 1. Those with a name have a tick.
    init(classes: [String]) {
        let named = classes.indices.filter { !classes[$0].isEmpty }
        lower = 0
        upper = Double(max(classes.count, 1))
        ticks = named.map { Double($0) + 0.5 }
        digits = 0
        isLogarithmic = false
        names = named.map { classes[$0] }
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
    func position(_ value: Double) -> Double {
        guard isLogarithmic else { return (value - lower) / (upper - lower) }
        return log(max(value, .leastNormalMagnitude) / lower) / log(upper / lower)
    }

    /// A tick's label.
    func label(_ tick: Double) -> String {
        if let names, let index = ticks.firstIndex(of: tick) { return names[index] }
        return NumberText.fixed(tick, digits)
    }
}

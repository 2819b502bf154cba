import ArgumentParser
import Experiment
import Terminal

/// What is expected of the traffic, by which an experiment's size is told when it starts.
struct SamplePlanOptions: ParsableArguments {
    @Option(help: "The click-through rate that is expected, in percent.")
    var expectedCTR = 3.0

    @Option(help: "Impressions that a unit is expected to make while the experiment runs.")
    var impressionsPerUnit = 10.0

    @Option(
        help: "How many times the variance of independent impressions theirs is: those of one unit are alike."
    )
    var designEffect = 1.0

    func validate() throws {
        guard expectedCTR >= 0.0001, expectedCTR <= 99 else {
            throw ValidationError("--expected-ctr \(expectedCTR): give percent, 0.0001 to 99")
        }
        guard impressionsPerUnit >= 1, impressionsPerUnit <= 1e6, designEffect >= 1, designEffect <= 1e6
        else {
            throw ValidationError("--impressions-per-unit and --design-effect are 1 to 1000000")
        }
    }

    /// What the experiment needs.
    var plan: SamplePlan {
        SamplePlan(
            rate: expectedCTR / 100, impressionsPerUnit: impressionsPerUnit, designEffect: designEffect)
    }
}

extension SamplePlan {
    /// For people.
    var text: String {
        let title =
            "what an arm needs to tell a change of a click-through rate of \(Self.short(rate * 100)) %, "
            + "\(Self.short(impressionsPerUnit)) impressions a unit, power \(Self.short(power * 100)) %:"
        let rows = rows.map { row in
            [
                "  \(Self.short(row.difference * 100)) %", Self.count(row.impressions), Self.count(row.units),
                Self.count(row.impressionsAtAnyLook), Self.count(row.unitsAtAnyLook),
            ]
        }
        let table = TextTable(
            rows: [["  change", "impressions", "units", "at any look", "units"]] + rows)
        return title + "\n" + table.text
    }

    /// Three digits: `51.1 k`, `5.12 M`.
    static func count(_ value: Double) -> String {
        let units = ["", " k", " M", " G", " T", " P"]
        var (scaled, unit) = (value, 0)
        while scaled >= 999.5, unit < units.count - 1 {
            scaled /= 1000
            unit += 1
        }
        let decimals = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2
        let power = [1.0, 10, 100][decimals]
        let whole = Int((scaled * power).rounded())
        let digits = String(whole % Int(power))
        let fraction = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
        return decimals == 0 ? "\(whole)\(units[unit])" : "\(whole / Int(power)).\(fraction)\(units[unit])"
    }

    private static func short(_ value: Double) -> String {
        let rounded = (value * 1e4).rounded() / 1e4
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

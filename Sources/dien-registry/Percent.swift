import ArgumentParser

/// A part in basis points (1/10,000), which people write in percent: `5`, `0.25`, `100`.
struct Percent: ExpressibleByArgument {
    let basisPoints: UInt32

    init(basisPoints: UInt32) { self.basisPoints = basisPoints }

    /// At most two decimals, which is what basis points hold; 0 to 100.
    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
            let whole = UInt32(parts[0]), whole <= 100
        else { return nil }
        var points = whole * 100
        if parts.count == 2 {
            guard parts[1].count <= 2, let decimals = UInt32(parts[1]) else { return nil }
            points += parts[1].count == 1 ? decimals * 10 : decimals
        }
        guard points <= 10_000 else { return nil }
        basisPoints = points
    }

    var defaultValueDescription: String { argument }

    /// As people write it.
    var argument: String { String(Self.text(Double(basisPoints) / 10_000).dropLast(2)) }

    /// A share for people, in percent with at most two decimals.
    static func text(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let decimals = hundredths % 100
        let digits = decimals % 10 == 0 ? "\(decimals / 10)" : decimals < 10 ? "0\(decimals)" : "\(decimals)"
        return decimals == 0 ? "\(hundredths / 100) %" : "\(hundredths / 100).\(digits) %"
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

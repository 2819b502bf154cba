/// Numbers for people, without a locale.
public enum NumberText {
    /// The number with so many digits after the point, rounded half away from zero: `0.7722`. Very large and very small
    /// ones and those that are not finite are written as Swift writes them.
    public static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12, (0...9).contains(digits) else { return "\(value)" }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = (abs(value) * scale).rounded()
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let whole = Int(scaled)
        guard digits > 0 else { return sign + "\(whole)" }
        let unit = Int(scale)
        let fraction = String(whole % unit)
        return sign + "\(whole / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// The same with a sign always: `+0.0035`.
    public static func signed(_ value: Double, _ digits: Int) -> String {
        let text = fixed(value, digits)
        return value < 0 ? text : "+" + text
    }

    /// A p-value: `0.0272`, or `< 0.0001` where more digits would claim too much.
    public static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : fixed(value, 4)
    }

    /// A count with groups of three digits: `121,216`.
    public static func count(_ value: Int) -> String {
        let digits = String(abs(value))
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.append(rest.suffix(3))
            rest = rest.dropLast(3)
        }
        groups.append(rest)
        return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }
}

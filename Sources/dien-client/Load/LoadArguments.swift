import ArgumentParser
import Foundation

/// A number or a range on the command line, both ends included: `50`, `10-100`.
struct NumberRange: ExpressibleByArgument, Equatable {
    let bounds: ClosedRange<UInt64>

    init(_ bounds: ClosedRange<UInt64>) { self.bounds = bounds }

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard (1...2).contains(parts.count), let low = parts[0], let high = parts[parts.count - 1],
            low <= high
        else { return nil }
        bounds = low...high
    }

    /// What help shows as a default.
    var defaultValueDescription: String { description }
}

extension NumberRange: CustomStringConvertible {
    var description: String {
        bounds.lowerBound == bounds.upperBound
            ? "\(bounds.lowerBound)" : "\(bounds.lowerBound)-\(bounds.upperBound)"
    }
}

/// How many calls may fail: a count, or a share of all calls: `5`, `0.1%`.
enum ErrorAllowance: ExpressibleByArgument, Equatable {
    case count(UInt64)
    case percent(Double)

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), (0...100).contains(percent) else { return nil }
            self = .percent(percent)
        } else {
            guard let count = UInt64(argument) else { return nil }
            self = .count(count)
        }
    }

    var defaultValueDescription: String { description }

    /// Whether so many failures are too many.
    func isExceeded(failed: UInt64, of calls: UInt64) -> Bool {
        switch self {
        case .count(let count): failed > count
        case .percent(let percent): Double(failed) > Double(calls) * percent / 100
        }
    }
}

extension ErrorAllowance: CustomStringConvertible {
    var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .percent(let percent): "\(percent)%"
        }
    }
}

/// A length of time on the command line: `500ms`, `10s` or `10`, `5m`, `1h`.
struct TimeSpan: ExpressibleByArgument, Equatable {
    let nanoseconds: UInt64

    init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        let units = [("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        let unit = units.first { argument.hasSuffix($0.0) }
        guard let number = Double(argument.dropLast(unit?.0.count ?? 0)), number.isFinite, number >= 0 else {
            return nil
        }
        let total = number * (unit?.1 ?? 1e9)
        // Longer than a week is a slip.
        guard total <= 7 * 24 * 3600e9 else { return nil }
        nanoseconds = UInt64(total.rounded())
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }
    var defaultValueDescription: String { description }
}

extension TimeSpan: CustomStringConvertible {
    var description: String {
        let whole = nanoseconds % 1_000_000_000 == 0
        if whole { return "\(nanoseconds / 1_000_000_000)s" }
        let milliseconds = nanoseconds / 1_000_000
        return nanoseconds % 1_000_000 == 0 ? "\(milliseconds)ms" : "\(Double(nanoseconds) / 1e6)ms"
    }
}

internal import Foundation

/// Outcomes of one arm while they may still come in: a click belongs to the time at which its request was served, and only
/// what is older than the window is counted, so that impressions whose clicks are on their way do not look like none.
public struct AttributionWindow: Sendable {
    /// Why an outcome is not counted.
    public enum Refusal: String, Sendable, CaseIterable {
        /// It came after its window.
        case late
        /// Its request is from the future: clocks differ by more than a slice.
        case early
        /// A probability, a revenue or a cost that cannot be.
        case invalid
    }

    /// How time is cut.
    public let slices: Slices
    /// What is over.
    public private(set) var closed = ArmCounters()
    private var open: [UInt64: ArmCounters] = [:]

    /// A window of this length, in slices of an eighth. Precondition: at least 8 ms.
    public init(milliseconds: UInt64) {
        slices = Slices(windowMilliseconds: milliseconds)
    }

    /// Counts an outcome of a request served at `served`, at the time `now`; says why where it does not.
    public mutating func record(
        _ outcome: Outcome, bucket: Int, served: UInt64, now: UInt64
    ) -> Refusal? {
        guard outcome.isPossible else { return .invalid }
        if let refusal = slices.refusal(served: served, now: now) { return refusal }
        open[slices.slice(of: served), default: ArmCounters()].add(outcome, bucket: bucket)
        close(now: now)
        return nil
    }

    /// Counts the slices whose window is over.
    public mutating func close(now: UInt64) {
        for (slice, counters) in open where slices.isClosed(slice, now: now) {
            closed = closed + counters
            open[slice] = nil
        }
    }

    /// Totals of what is not over: those that are not 0.
    public var openTotals: [ArmCounters.Quantity: Double] {
        var totals: [ArmCounters.Quantity: Double] = [:]
        for counters in open.values {
            for quantity in ArmCounters.Quantity.allCases {
                let total = counters.total(quantity)
                if total != 0 { totals[quantity, default: 0] += total }
            }
        }
        return totals
    }
}

extension ArmCounters {
    /// Adds one event of an item.
    mutating func add(_ outcome: Outcome, bucket: Int) {
        let p = min(max(outcome.probability, LogLoss.clip), 1 - LogLoss.clip)
        if outcome.isImpression {
            add(1, to: .impressions, bucket: bucket)
            add(outcome.probability, to: .predictedClicks, bucket: bucket)
            add(-log1p(-p), to: .logLoss, bucket: bucket)
            scores.addImpression(outcome.probability, bucket: bucket)
        }
        if outcome.isClick {
            add(1, to: .clicks, bucket: bucket)
            // The impression was counted as if there were no click.
            add(log1p(-p) - log(p), to: .logLoss, bucket: bucket)
            scores.addClick(outcome.probability, bucket: bucket)
        }
        if outcome.isConversion { add(1, to: .conversions, bucket: bucket) }
        if outcome.revenue != 0 { add(outcome.revenue, to: .revenue, bucket: bucket) }
        if outcome.cost != 0 { add(outcome.cost, to: .cost, bucket: bucket) }
    }
}

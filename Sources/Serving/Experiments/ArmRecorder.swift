import Experiment
import Files

/// Where one request is counted: under the arm that it was assigned to, whoever answers it, in the bucket of its unit.
struct ArmRecorder: Sendable {
    /// The arm's counters.
    let series: ArmSeries
    /// The unit of the request; without a routing key every request is its own.
    let unit: UnitBucket

    /// Counts what went wrong with the request: of one unit, one event a minute.
    func record(_ event: ArmSeries.BadEvent) {
        series.count(event, unit, unixMilliseconds: WallClock.unixMilliseconds())
    }

    /// Counts the candidates that were scored.
    func recordScored(candidates: Int) { series.countCandidates(candidates, unit) }
}

import DIEN
import Tensors

/// What a version changes of the probabilities of its golden requests.
struct ScoreChange: Encodable {
    let requests: Int
    /// The largest and the mean |Δp|.
    let largest: Float
    let mean: Float
    /// Where it is the largest; lines count from 1, candidates from 0.
    let line: Int?
    let candidate: Int?
    let tolerance: Float
    /// Whether the network or a table is in less than float32.
    let compressed: Bool
    let precision: String
    /// The element type of each table.
    let tables: [String: String]

    init(_ model: Model, _ report: GoldenReport) {
        requests = report.count
        largest = report.largestDifference
        mean = report.meanDifference
        line = report.largest?.line
        candidate = report.largest?.candidate
        tolerance = report.tolerance
        compressed = model.isCompressed
        precision = model.precision.rawValue
        tables = model.tableTypes.mapValues(\.rawValue)
    }

    /// For people.
    var text: String {
        guard compressed else { return "\(requests) requests, largest difference \(largest)" }
        let place = line.flatMap { line in candidate.map { " (line \(line), candidate \($0))" } } ?? ""
        let narrow = tables.filter { $0.value != "F32" }.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let kept = narrow.isEmpty ? "" : ", tables \(narrow)"
        return "\(requests) requests, network \(precision)\(kept): a score changes at most by "
            + "\(largest)\(place), on average by \(mean); \(tolerance) is accepted"
    }
}

import Foundation
import Training

/// The results of a sweep, and their means by family and preset.
struct SweepTable: Encodable {
    /// The runs of one family and preset, over data sets and seeds.
    struct Row: Encodable {
        let architecture: String
        let preset: String
        let runs: Int
        let auc, gauc, logLoss: Spread
        let samplesPerSecond: Double

        private enum CodingKeys: String, CodingKey {
            case architecture, preset, runs, auc, gauc
            case logLoss = "log_loss"
            case samplesPerSecond = "samples_per_second"
        }
    }

    /// A mean, and the standard deviation of a sample; nil of one value.
    struct Spread: Encodable, Equatable {
        let mean: Double
        let deviation: Double?

        init(_ values: [Double]) {
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            self.mean = mean
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
        }

        var text: String {
            String(format: "%.4f", mean) + (deviation.map { String(format: " ± %.4f", $0) } ?? "")
        }
    }

    let results: [TrainingResult]
    let rows: [Row]
    /// Whether base < din < dien on the mean test AUC; nil where one of them was not trained.
    let isInOrder: Bool?

    private enum CodingKeys: String, CodingKey {
        case results, rows
        case isInOrder = "base_below_din_below_dien"
    }

    init(_ results: [TrainingResult]) {
        self.results = results
        var keys: [[String]] = []
        for key in results.map({ [$0.architecture, $0.preset] }) where !keys.contains(key) {
            keys.append(key)
        }
        rows = keys.map { key in
            let runs = results.filter { [$0.architecture, $0.preset] == key }
            let tests = runs.compactMap(\.test)
            return Row(
                architecture: key[0], preset: key[1], runs: runs.count, auc: Spread(tests.map(\.auc)),
                gauc: Spread(tests.compactMap(\.gauc)), logLoss: Spread(tests.map(\.logLoss)),
                samplesPerSecond: runs.reduce(0) { $0 + $1.samplesPerSecond } / Double(runs.count))
        }
        let rows = rows
        func best(_ architecture: String) -> Double? {
            rows.filter { $0.architecture == architecture }.map(\.auc.mean).max()
        }
        if let base = best("base"), let din = best("din"), let dien = best("dien") {
            isInOrder = base < din && din < dien
        } else {
            isInOrder = nil
        }
    }

    /// One line of JSON with sorted keys.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A table in Markdown, and what it says of the order of families.
    var markdown: String {
        var lines = [
            "| family | preset | runs | test AUC | GAUC | log loss | samples/s |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        lines += rows.map {
            "| \($0.architecture) | \($0.preset) | \($0.runs) | \($0.auc.text) | \($0.gauc.text) | "
                + "\($0.logLoss.text) | \(Int($0.samplesPerSecond)) |"
        }
        if let isInOrder {
            lines += [
                "", "base < din < dien on the mean test AUC: \(isInOrder ? "holds" : "does not hold").",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

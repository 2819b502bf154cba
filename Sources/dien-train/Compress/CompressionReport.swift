import Charts
import DIEN
import Tensors
import Terminal
import Training

/// What `compress` prints.
struct CompressionReport {
    let model: String
    let output: String
    let result: CompressionResult

    init(model: String, output: String, _ result: CompressionResult) {
        self.model = model
        self.output = output
        self.result = result
    }

    private var bytesBefore: UInt64 { result.files.reduce(0) { $0 + $1.bytesBefore } }
    private var bytesAfter: UInt64 { result.files.reduce(0) { $0 + $1.bytesAfter } }

    /// For people.
    var text: String {
        let golden = result.golden
        let place = golden.largest.map { " (line \($0.line), candidate \($0.candidate))" } ?? ""
        let rows =
            [["table", "before", "", "after", ""]]
            + result.tables.map {
                [
                    $0.name, $0.before.rawValue, Self.size($0.bytesBefore), $0.after.rawValue,
                    Self.size($0.bytesAfter),
                ]
            }
        return """
            \(output), from \(model), network \(result.precision.rawValue)
            \(TextTable(rows: rows).text)
            tensors: \(Self.size(bytesBefore)) before, \(Self.size(bytesAfter)) after
            golden requests: \(golden.count), a score changes at most by \(golden.largestDifference)\(place), \
            on average by \(golden.meanDifference); \(golden.tolerance) is accepted
            """
    }

    /// One object on one line, with sorted keys.
    var json: String {
        func number(_ value: some CustomStringConvertible) -> JSONValue { .number("\(value)") }
        let golden = result.golden
        let place = golden.largest.map {
            [
                JSONValue.Member(key: "candidate", value: number($0.candidate)),
                JSONValue.Member(key: "line", value: number($0.line)),
            ]
        }
        let change =
            (place ?? []) + [
                .init(key: "largest", value: number(golden.largestDifference)),
                .init(key: "mean", value: number(golden.meanDifference)),
                .init(key: "requests", value: number(golden.count)),
                .init(key: "tolerance", value: number(golden.tolerance)),
            ]
        let tables = result.tables.map { table in
            JSONValue.object([
                .init(key: "after", value: .string(table.after.rawValue)),
                .init(key: "before", value: .string(table.before.rawValue)),
                .init(key: "bytes_after", value: number(table.bytesAfter)),
                .init(key: "bytes_before", value: number(table.bytesBefore)),
                .init(key: "name", value: .string(table.name)),
            ])
        }
        return JSONValue.object([
            .init(key: "bytes_after", value: number(bytesAfter)),
            .init(key: "bytes_before", value: number(bytesBefore)),
            .init(key: "golden", value: .object(change.sorted { $0.key < $1.key })),
            .init(key: "model", value: .string(model)), .init(key: "output", value: .string(output)),
            .init(key: "precision", value: .string(result.precision.rawValue)),
            .init(key: "tables", value: .array(tables)),
        ]).serialised
    }

    private static func size(_ bytes: UInt64) -> String {
        bytes < 10 << 10
            ? "\(bytes) bytes"
            : bytes < 10 << 20
                ? "\(NumberText.fixed(Double(bytes) / 1024, 1)) KiB"
                : "\(NumberText.fixed(Double(bytes) / 1_048_576, 1)) MiB"
    }
}

import Datasets
import Tensors

/// What `prepare` prints.
struct PreparationResult {
    let path: String
    let description: DatasetDescription
    /// Nil for a made-up set.
    let summary: PreparationSummary?

    /// For people.
    var text: String {
        let rows = description.tables.map { "\($0.name) \($0.rows)" }.joined(separator: ", ")
        let samples = DatasetSplit.allCases.map { "\($0.rawValue) \(description.splits[$0] ?? 0)" }
        var lines = [
            path, "  samples  \(samples.joined(separator: ", "))", "  rows     \(rows)",
            "  protocol \(description.sampling.rawValue), negatives \(description.negatives.rawValue), seed \(description.seed)",
        ]
        if let summary {
            lines.append(
                "  input    \(summary.users) users, \(summary.items) items, \(summary.categories) categories; "
                    + "\(summary.sequences) sequences of \(summary.events) events")
            if summary.malformed.count > 0 {
                lines.append("  skipped  \(summary.malformed.count) malformed lines, the first:")
                lines += summary.malformed.first.map { "    \($0.path), line \($0.number): \($0.reason)" }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// One object on one line.
    var json: String {
        var members: [JSONValue.Member] = [
            .init(key: "path", value: .string(path)),
            .init(key: "protocol", value: .string(description.sampling.rawValue)),
            .init(key: "negatives", value: .string(description.negatives.rawValue)),
            .init(key: "seed", value: .number("\(description.seed)")),
            .init(
                key: "splits",
                value: .object(
                    DatasetSplit.allCases.map {
                        .init(key: $0.rawValue, value: .number("\(description.splits[$0] ?? 0)"))
                    })),
            .init(key: "tables", value: description.tablesJSON),
        ]
        if let summary { members += Self.members(summary) }
        return JSONValue.object(members).serialised
    }

    private static func members(_ summary: PreparationSummary) -> [JSONValue.Member] {
        let counts = [
            ("sequences", summary.sequences), ("events", summary.events), ("users", summary.users),
            ("items", summary.items), ("categories", summary.categories),
            ("malformed_lines", summary.malformed.count),
        ]
        let lines = summary.malformed.first.map { line in
            JSONValue.object([
                .init(key: "path", value: .string(line.path)),
                .init(key: "line", value: .number("\(line.number)")),
                .init(key: "reason", value: .string(line.reason)),
            ])
        }
        return counts.map { .init(key: $0, value: .number("\($1)")) }
            + [.init(key: "first_malformed_lines", value: .array(lines))]
    }
}

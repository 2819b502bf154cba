import DIEN

/// What `diff` prints.
struct DiffResult: Encodable {
    let model: String
    let from: UInt64
    let to: UInt64
    let configuration: [Setting]
    let metadata: [Setting]
    let tensors: [Tensor]

    init(model: String, from: UInt64, to: UInt64, _ difference: ModelDifference) {
        self.model = model
        self.from = from
        self.to = to
        configuration = difference.configuration.map(Setting.init)
        metadata = difference.metadata.map(Setting.init)
        tensors = difference.tensors.map(Tensor.init)
    }

    struct Setting: Encodable {
        let name: String
        let before: String?
        let after: String?

        init(_ setting: ModelDifference.Setting) {
            name = setting.name
            before = setting.before
            after = setting.after
        }

        var text: String { "  \(name): \(before ?? "absent") → \(after ?? "absent")" }
    }

    struct Tensor: Encodable {
        let name: String
        let before: String?
        let after: String?
        var rows: Int?
        var changedRows: Int?
        /// Absent where it is not finite: JSON has no such number.
        var largestChange: Float?
        var beforeMean: Double?
        var afterMean: Double?
        var beforeRMS: Double?
        var afterRMS: Double?

        init(_ tensor: ModelDifference.Tensor) {
            name = tensor.name
            before = tensor.before
            after = tensor.after
            guard let figures = tensor.figures else { return }
            rows = figures.rows
            changedRows = figures.changedRows
            largestChange = figures.largestChange.isFinite ? figures.largestChange : nil
            beforeMean = Self.finite(figures.meanBefore)
            afterMean = Self.finite(figures.meanAfter)
            beforeRMS = Self.finite(figures.rootMeanSquareBefore)
            afterRMS = Self.finite(figures.rootMeanSquareAfter)
        }

        private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

        var text: String {
            guard let rows, let changedRows, let before else {
                return "  \(name): \(before ?? "absent") → \(after ?? "absent")"
            }
            guard changedRows > 0 else { return "  \(name) \(before): equal" }
            let figures = [beforeRMS, afterRMS].map { $0.map { "\(Float($0))" } ?? "not finite" }
            return "  \(name) \(before): \(changedRows) of \(rows) rows changed, at most by "
                + "\(largestChange.map { "\($0)" } ?? "what is not finite"), RMS \(figures[0]) → \(figures[1])"
        }
    }

    /// For people.
    var text: String {
        func section(_ title: String, _ lines: [String]) -> [String] {
            lines.isEmpty ? ["\(title): equal"] : ["\(title):"] + lines
        }
        return
            (["\(model) version \(from) → \(to)"]
            + section("configuration", configuration.map(\.text))
            + section("metadata", metadata.map(\.text)) + section("tensors", tensors.map(\.text)))
            .joined(separator: "\n")
    }
}

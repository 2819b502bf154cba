internal import DIEN
internal import Tensors

/// A line of golden.jsonl: a request and the probabilities it must give.
enum GoldenLine {
    static func text(_ input: RankingInput, _ probabilities: [Float]) -> String {
        let roles: [(FeatureRole, [FeatureColumn])] = [
            (.profile, input.profile), (.history, input.history), (.candidates, input.candidates),
            (.context, input.context),
        ]
        let columns = roles.map { role, columns in
            (role.rawValue, JSONValue.members(columns.map { ($0.name, values($0.values)) }))
        }
        let scores = JSONValue.array(probabilities.map { .number("\($0)") })
        return JSONValue.members(columns + [("probabilities", scores)]).serialised + "\n"
    }

    private static func values(_ values: FeatureColumn.Values) -> JSONValue {
        switch values {
        case .ids(let ids): .array(ids.map { .number("\($0)") })
        case .strings(let strings): .array(strings.map { .string($0) })
        }
    }
}

public import Tensors

extension DatasetDescription {
    /// The value of "tables", word for word as a model's config.json has it.
    public var tablesJSON: JSONValue {
        .array(
            tables.map {
                .object([
                    Self.member("name", .string($0.name)), Self.member("rows", .number("\($0.rows)")),
                    Self.member("ids", .string($0.ids.rawValue)),
                ])
            })
    }

    /// The value of "features", word for word as a model's config.json has it.
    public var featuresJSON: JSONValue {
        .object([
            Self.member("profile", Self.json(profile)), Self.member("history", Self.json(history)),
            Self.member("candidates", Self.json(candidates)), Self.member("context", .array([])),
        ])
    }

    /// The text of dataset.json, a key a line.
    public var json: String {
        let counts = DatasetSplit.allCases.map { Self.member($0.rawValue, .number("\(splits[$0] ?? 0)")) }
        let members = [
            Self.member("format", .string(Self.format)), Self.member("protocol", .string(sampling.rawValue)),
            Self.member("seed", .number("\(seed)")), Self.member("negatives", .string(negatives.rawValue)),
            Self.member("max_history", .number("\(maxHistory)")), Self.member("tables", tablesJSON),
            Self.member("features", featuresJSON), Self.member("splits", .object(counts)),
            Self.member("source", .object(source)),
        ]
        let lines = members.map { " \(JSONValue.string($0.key).serialised): \($0.value.serialised)" }
        return "{\n\(lines.joined(separator: ",\n"))\n}\n"
    }

    static func member(_ key: String, _ value: JSONValue) -> JSONValue.Member {
        JSONValue.Member(key: key, value: value, offset: 0)
    }

    private static func json(_ features: [Feature]) -> JSONValue {
        .array(
            features.map { feature in
                let lookup = feature.lookup.map { [member("lookup", .string($0))] } ?? []
                return .object(
                    [member("name", .string(feature.name)), member("table", .string(feature.table))] + lookup)
            })
    }
}

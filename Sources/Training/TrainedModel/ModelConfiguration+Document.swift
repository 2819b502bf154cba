internal import DIEN
internal import Tensors

extension ModelConfiguration {
    /// config.json, with these training facts in place of its own.
    func document(metadata: [JSONValue.Member]) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("format", .string(Self.format)), ("architecture", .string(architecture.rawValue)),
            ("preset", .string(preset.rawValue)), ("embedding_dim", .integer(embeddingSize)),
        ]
        if architecture.isRecurrent { members.append(("hidden_size", .integer(hiddenSize))) }
        if !attentionHidden.isEmpty { members.append(("attention_hidden", .integers(attentionHidden))) }
        members += [
            ("head_hidden", .integers(headHidden)), ("max_history", .integer(maxHistory)),
            ("tables", .array(tables.map(Self.document))),
            (
                "features",
                .members(FeatureRole.allCases.map { ($0.rawValue, .array(features($0).map(Self.document))) })
            ),
            ("golden_tolerance", .number("\(goldenTolerance)")), ("metadata", .object(metadata)),
        ]
        return .members(members)
    }

    private static func document(_ table: Table) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(table.name)), ("rows", .integer(table.rows)),
            ("ids", .string(table.ids.rawValue)),
        ]
        if let file = table.file { members.append(("file", .string(file))) }
        return .members(members)
    }

    private static func document(_ feature: Feature) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(feature.name)), ("table", .string(feature.table)),
        ]
        if let lookup = feature.lookup { members.append(("lookup", .string(lookup))) }
        return .members(members)
    }
}

extension JSONValue {
    static func integer(_ value: Int) -> JSONValue { .number("\(value)") }

    static func integers(_ values: [Int]) -> JSONValue { .array(values.map(integer)) }

    static func members(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { Member(key: $0.0, value: $0.1) })
    }
}

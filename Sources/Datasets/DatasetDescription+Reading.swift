internal import Tensors

extension DatasetDescription {
    /// Reads the bytes of dataset.json strictly: unknown keys are refused by name, except below "source".
    ///
    /// - Parameter path: what errors call the file.
    public init(parsing bytes: [UInt8], path: String) throws(DatasetError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch {
            throw .invalidDescription(path: path, field: "", reason: error.description)
        }
        do throws(JSONFieldError) { try self.init(document) } catch {
            throw .invalidDescription(path: path, field: error.field, reason: error.reason)
        }
        try check(path: path)
    }

    private init(_ document: JSONValue) throws(JSONFieldError) {
        var object = try JSONFields(document)
        let format = try object.string("format")
        guard format == Self.format else {
            throw object.invalid("format", "\"\(format)\" is not \"\(Self.format)\"")
        }
        sampling = try object.choice("protocol")
        guard let seed = try object.value("seed").unsignedInteger else {
            throw object.invalid("seed", "has to be an integer below 2^64")
        }
        self.seed = seed
        negatives = try object.choice("negatives")
        maxHistory = try object.integer("max_history", in: 1...10_000)
        tables = try object.objects("tables") { (table: inout JSONFields) throws(JSONFieldError) in
            Table(
                name: try table.name("name"), rows: try table.integer("rows", in: 1...Int(Int32.max)),
                ids: try table.choice("ids"))
        }
        var features = try JSONFields(object.value("features"), at: "features")
        profile = try features.objects("profile", Self.feature)
        history = try features.objects("history", Self.feature)
        candidates = try features.objects("candidates", Self.feature)
        guard try features.objects("context", Self.feature).isEmpty else {
            throw features.invalid("context", "samples have no context; leave it empty")
        }
        try features.finish()
        var counts = try JSONFields(object.value("splits"), at: "splits")
        splits = [:]
        for split in DatasetSplit.allCases {
            splits[split] = try counts.integer(split.rawValue, in: 0...Int(Int32.max))
        }
        try counts.finish()
        guard let source = try object.value("source").members else {
            throw object.invalid("source", "has to be an object")
        }
        self.source = source
        try object.finish()
    }

    private static func feature(_ object: inout JSONFields) throws(JSONFieldError) -> Feature {
        Feature(
            name: try object.name("name"), table: try object.string("table"),
            lookup: try object.optionalString("lookup"))
    }

    /// Names are unique, tables are there, and behaviours and targets share their tables.
    public func check(path: String) throws(DatasetError) {
        func invalid(_ field: String, _ reason: String) -> DatasetError {
            .invalidDescription(path: path, field: field, reason: reason)
        }
        guard Set(tables.map(\.name)).count == tables.count else {
            throw invalid("tables", "two have the same name")
        }
        for (role, features) in [("profile", profile), ("history", history), ("candidates", candidates)] {
            guard Set(features.map(\.name)).count == features.count else {
                throw invalid("features.\(role)", "two have the same name")
            }
            for feature in features where !tables.contains(where: { $0.name == feature.table }) {
                throw invalid("features.\(role)", "no table \"\(feature.table)\"")
            }
            for case let (feature, lookup?) in features.map({ ($0, $0.lookup) })
            where !features.contains(where: { $0.name == lookup && $0.lookup == nil }) {
                throw invalid(
                    "features.\(role)", "\"\(feature.name)\" looks up \"\(lookup)\", which is not sent")
            }
        }
        guard !candidates.isEmpty else { throw invalid("features.candidates", "at least one is needed") }
        guard history.map(\.table) == candidates.map(\.table) else {
            throw invalid("features.history", "has to name the tables of the candidates, in their order")
        }
        guard !history.contains(where: { $0.name == "offsets" }) else {
            throw invalid("features.history", "\"offsets\" is the name of another tensor; choose another")
        }
    }
}

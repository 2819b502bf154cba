internal import Tensors

extension ModelConfiguration {
    /// The files of every model folder.
    public static let requiredFiles = [
        "config.json", "golden.jsonl", "model.safetensors", "vocabulary.safetensors",
    ]

    /// The value of "format" that is understood.
    public static let format = "dien-model/1"

    /// Reads the bytes of config.json; throws at the first field that is missing, unknown or impossible.
    public init(parsing bytes: [UInt8]) throws(ModelError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch {
            throw .malformedFile(name: "config.json", reason: error.description)
        }
        do throws(JSONFieldError) { try self.init(document) } catch {
            throw .invalidConfiguration(field: error.field, reason: error.reason)
        }
        try checkTables()
        for role in FeatureRole.allCases { try checkFeatures(of: role) }
        try checkItems()
    }

    private init(_ document: JSONValue) throws(JSONFieldError) {
        var object = try JSONFields(document)
        let format = try object.string("format")
        guard format == Self.format else {
            throw object.invalid("format", "\"\(format)\" is not \"\(Self.format)\"")
        }
        architecture = try object.choice("architecture")
        preset = try Self.preset(of: &object, architecture)
        embeddingSize = try object.integer("embedding_dim", in: 1...1024)
        hiddenSize = try Self.hiddenSize(of: &object, architecture)
        attentionHidden = try Self.attentionHidden(of: &object, architecture, preset)
        headHidden = try object.integers("head_hidden", count: 1...8, in: 1...4096)
        maxHistory = try object.integer("max_history", in: 1...10_000)
        tables = try object.objects("tables", Self.table)
        var features = try JSONFields(object.value("features"), at: "features")
        profile = try features.objects("profile", Self.feature)
        history = try features.objects("history", Self.feature)
        candidates = try features.objects("candidates", Self.feature)
        context = try features.objects("context", Self.feature)
        try features.finish()
        goldenTolerance = try Self.tolerance(of: &object, "golden_tolerance", default: 1e-5, limit: 1e-2)
        precision = try Self.precision(of: &object)
        precisionTolerance = try Self.tolerance(
            of: &object, "precision_tolerance", default: 2e-3, limit: 5e-2)
        metadata = try Self.metadata(of: &object)
        try object.finish(unknown: "is not a known field; facts of the training go under \"metadata\"")
    }

    private static func preset(
        of object: inout JSONFields, _ architecture: Architecture
    ) throws(JSONFieldError) -> Preset {
        let preset: Preset = try object.choice("preset")
        guard architecture.presets.contains(preset) else {
            throw object.invalid(
                "preset", "architecture \(architecture.rawValue) has no preset \(preset.rawValue)")
        }
        return preset
    }

    private static func hiddenSize(
        of object: inout JSONFields, _ architecture: Architecture
    ) throws(JSONFieldError) -> Int {
        if architecture.isRecurrent { return try object.integer("hidden_size", in: 1...1024) }
        guard object.optional("hidden_size") == nil else {
            throw object.invalid("hidden_size", "architecture \(architecture.rawValue) has no GRU")
        }
        return 0
    }

    private static func attentionHidden(
        of object: inout JSONFields, _ architecture: Architecture, _ preset: Preset
    ) throws(JSONFieldError) -> [Int] {
        if architecture.hasAttentionNetwork(preset) {
            return try object.integers("attention_hidden", count: 2...2, in: 1...1024)
        }
        guard object.optional("attention_hidden") == nil else {
            throw object.invalid(
                "attention_hidden",
                "architecture \(architecture.rawValue), preset \(preset.rawValue) has no attention network")
        }
        return []
    }

    private static func table(_ object: inout JSONFields) throws(JSONFieldError) -> Table {
        Table(
            name: try object.name("name"), rows: try object.integer("rows", in: 1...Int(Int32.max)),
            ids: try object.choice("ids"), file: try tableFile(&object))
    }

    /// A name that a registry takes, of a file beside the four of every model.
    private static func tableFile(_ object: inout JSONFields) throws(JSONFieldError) -> String? {
        guard let value = object.optional("file") else { return nil }
        guard let name = value.text, name.hasSuffix(".safetensors"), name.utf8.count <= 64,
            !requiredFiles.contains(name), name.first != ".", name.utf8.allSatisfy(isFileNameByte)
        else {
            throw object.invalid(
                "file", "has to be a name of its own of a-z, 0-9, '.', '_' and '-' that ends in .safetensors")
        }
        return name
    }

    private static func isFileNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func feature(_ object: inout JSONFields) throws(JSONFieldError) -> Feature {
        Feature(
            name: try object.name("name"), table: try object.string("table"),
            lookup: try object.optionalString("lookup"))
    }

    private static func tolerance(
        of object: inout JSONFields, _ key: String, default standard: Float, limit: Double
    ) throws(JSONFieldError) -> Float {
        guard let value = object.optional(key) else { return standard }
        guard let tolerance = value.double, tolerance > 0, tolerance <= limit else {
            throw object.invalid(key, "has to be a number above 0, at most \(limit)")
        }
        return Float(tolerance)
    }

    private static func precision(of object: inout JSONFields) throws(JSONFieldError) -> Precision {
        guard let value = object.optional("precision") else { return .fp32 }
        guard let precision = value.text.flatMap(Precision.init(rawValue:)) else {
            let known = Precision.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            throw object.invalid("precision", "has to be \(known)")
        }
        return precision
    }

    private static func metadata(of object: inout JSONFields) throws(JSONFieldError) -> [JSONValue.Member] {
        guard let value = object.optional("metadata") else { return [] }
        guard let members = value.members else { throw object.invalid("metadata", "has to be an object") }
        return members
    }
}

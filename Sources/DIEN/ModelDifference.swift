internal import Tensors

/// What differs between two versions of a model: what was configured, what training reported, what was learnt.
public struct ModelDifference: Sendable {
    /// A setting or a figure of config.json, by its path; nil where one side does not have it.
    public struct Setting: Sendable, Equatable {
        /// `head_hidden`, `features.history`, `metadata.test_auc`…
        public let name: String
        /// Its value on each side, as JSON.
        public let before: String?, after: String?

        /// A setting that differs.
        public init(name: String, before: String?, after: String?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// A weight tensor.
    public struct Tensor: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Type and shape on each side; nil where one side does not have it.
        public let before: String?, after: String?
        /// What changed in it; nil unless both sides have it as F32 of one shape.
        public let figures: Figures?
    }

    /// What changed in a tensor; means are of all its elements.
    public struct Figures: Sendable, Equatable {
        /// Rows, that is outermost extents, and how many of them have a bit that differs.
        public let rows: Int, changedRows: Int
        /// The largest |difference| of an element; NaN where one of them is.
        public let largestChange: Float
        /// Mean of the elements on each side.
        public let meanBefore: Double, meanAfter: Double
        /// Root of their mean square on each side.
        public let rootMeanSquareBefore: Double, rootMeanSquareAfter: Double

        init(_ comparison: TensorComparison) {
            rows = comparison.rows
            changedRows = comparison.changedRows
            largestChange = comparison.largestChange
            meanBefore = comparison.before.mean
            meanAfter = comparison.after.mean
            rootMeanSquareBefore = comparison.before.rootMeanSquare
            rootMeanSquareAfter = comparison.after.rootMeanSquare
        }
    }

    /// Differing settings, by name; those of `metadata` are in ``metadata``.
    public let configuration: [Setting]
    /// Differing facts of the training, by name.
    public let metadata: [Setting]
    /// Every tensor of either side, by name.
    public let tensors: [Tensor]

    /// Compares two sets of model files. Only config.json and model.safetensors are read; neither is loaded as a model.
    public init(_ before: some ModelFiles, _ after: some ModelFiles) throws(ModelError) {
        let settings = (try before.settings(), try after.settings())
        let differing = Set(settings.0.keys).union(settings.1.keys).sorted()
            .filter { settings.0[$0] != settings.1[$0] }
            .map { Setting(name: $0, before: settings.0[$0], after: settings.1[$0]) }
        configuration = differing.filter { !$0.name.hasPrefix("metadata.") }
        metadata = differing.filter { $0.name.hasPrefix("metadata.") }
        let weights = (try before.tensors("model.safetensors"), try after.tensors("model.safetensors"))
        let names = Set(weights.0.tensors.map(\.name)).union(weights.1.tensors.map(\.name))
        tensors = names.sorted().map { Self.compare($0, weights.0, weights.1) }
    }

    private static func compare(_ name: String, _ before: SafetensorsFile, _ after: SafetensorsFile) -> Tensor
    {
        let found = (before.description(of: name), after.description(of: name))
        var figures: Figures?
        if let shape = found.0?.shape, shape == found.1?.shape,
            let old = try? before.tensor(name, of: Float.self, shape: shape),
            let new = try? after.tensor(name, of: Float.self, shape: shape)
        {
            figures = Figures(TensorComparison(old, new))
        }
        return Tensor(
            name: name, before: found.0?.description, after: found.1?.description, figures: figures)
    }
}

extension ModelFiles {
    /// The members of config.json, those of `metadata` one by one.
    fileprivate func settings() throws(ModelError) -> [String: String] {
        let name = "config.json"
        let document: JSONValue
        do { document = try JSONValue(parsing: contents(name, limitBytes: 1 << 20)) } catch {
            throw .malformedFile(name: name, reason: "\(error)")
        }
        var settings: [String: String] = [:]
        for member in document.members ?? [] {
            if member.key == "metadata", let facts = member.value.members {
                for fact in facts { settings["metadata." + fact.key] = fact.value.line }
            } else {
                settings[member.key] = member.value.line
            }
        }
        return settings
    }
}

extension JSONValue {
    /// The value as JSON on one line; strings only as far as a person needs them.
    fileprivate var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let digits): digits
        case .string(let text): "\"\(text)\""
        case .array(let elements): "[" + elements.map { $0.line }.joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\"\($0.key)\":" + $0.value.line }.joined(separator: ",") + "}"
        }
    }
}

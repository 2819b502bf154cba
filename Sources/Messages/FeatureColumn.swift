import CMessages

/// One feature's values for all rows of its role: `dien.v1.FeatureColumn`.
public struct FeatureColumn: ProtobufMessage {
    /// The identifiers, of one kind.
    public enum Values: Sendable, Equatable {
        /// 64-bit integers. An empty column is this, whatever the feature's kind: the wire can not tell.
        case ids([UInt64])
        /// Texts.
        case strings([String])
    }

    /// The feature's name in the model's configuration.
    public var name: String
    /// One value for each row.
    public var values: Values

    /// A column of this name.
    public init(name: String, values: Values) {
        self.name = name
        self.values = values
    }

    /// A column of integers.
    public init(name: String, ids: [UInt64]) { self.init(name: name, values: .ids(ids)) }

    /// A column of texts.
    public init(name: String, strings: [String]) { self.init(name: name, values: .strings(strings)) }

    /// How many rows it has.
    public var count: Int {
        switch values {
        case .ids(let ids): ids.count
        case .strings(let strings): strings.count
        }
    }

    /// Decodes a `dien.v1.FeatureColumn`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.FeatureColumn`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension FeatureColumn: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__feature_column__init)

    init(copying message: Dien__V1__FeatureColumn) throws(MessageError) {
        let name = unsafe text(message.name)
        guard unsafe message.n_strings > 0 else {
            unsafe self.init(name: name, ids: column(message.ids, message.n_ids))
            return
        }
        guard unsafe message.n_ids == 0 else { throw .idsAndStrings(field: name) }
        unsafe self.init(name: name, strings: texts(message.strings, message.n_strings))
    }

    func fill(_ message: inout Dien__V1__FeatureColumn, in arena: Arena) {
        unsafe message.name = unsafe arena.copy(name)
        switch values {
        case .ids(let ids):
            unsafe message.n_ids = ids.count
            unsafe message.ids = unsafe arena.copy(ids)
        case .strings(let strings):
            unsafe message.n_strings = strings.count
            unsafe message.strings = unsafe arena.copy(strings)
        }
    }
}

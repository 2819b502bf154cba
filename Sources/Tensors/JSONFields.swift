/// A field of a JSON document that is missing, unknown or impossible.
public struct JSONFieldError: Error, Equatable {
    /// The field's path in the document, such as "features.history[1].table".
    public let field: String
    /// What is wrong with it.
    public let reason: String

    /// An error of `field`.
    public init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }
}

/// A JSON object that is read field by field, until none is left: what nobody asks for is refused.
public struct JSONFields {
    private let path: String
    private var values: [String: JSONValue] = [:]
    private var order: [String] = []

    /// The fields of `value`, which stands at `path` of its document; "" is the document itself.
    ///
    /// - Throws: where `value` is no object.
    public init(_ value: JSONValue, at path: String = "") throws(JSONFieldError) {
        guard let members = value.members else {
            throw JSONFieldError(field: path, reason: "has to be an object")
        }
        self.path = path
        for member in members { values[member.key] = member.value }
        order = members.map(\.key)
    }

    /// Where a field stands in the document.
    public func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The error that a field is not what it has to be.
    public func invalid(_ key: String, _ reason: String) -> JSONFieldError {
        JSONFieldError(field: place(key), reason: reason)
    }

    /// A field that may be left out.
    public mutating func optional(_ key: String) -> JSONValue? { values.removeValue(forKey: key) }

    /// A field that has to be there, as all that follow have.
    public mutating func value(_ key: String) throws(JSONFieldError) -> JSONValue {
        guard let value = optional(key) else { throw invalid(key, "is missing") }
        return value
    }

    /// A string.
    public mutating func string(_ key: String) throws(JSONFieldError) -> String {
        guard let text = try value(key).text else { throw invalid(key, "has to be a string") }
        return text
    }

    /// A string that may be left out.
    public mutating func optionalString(_ key: String) throws(JSONFieldError) -> String? {
        values[key] == nil ? nil : try string(key)
    }

    /// A name that may become part of a tensor's name, so that it has no dot.
    public mutating func name(_ key: String) throws(JSONFieldError) -> String {
        let name = try string(key)
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...64).contains(name.utf8.count) else {
            throw invalid(key, "has to be 1 to 64 letters, digits, '_' or '-'")
        }
        return name
    }

    /// One of the words of `type`.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws(JSONFieldError) -> Choice {
        let text = try string(key)
        guard let choice = Choice(rawValue: text) else {
            let supported = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(key, "unknown \"\(text)\"; supported: \(supported)")
        }
        return choice
    }

    /// An integer of `range`.
    public mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(JSONFieldError) -> Int {
        guard let integer = Self.integer(try value(key), in: range) else {
            throw invalid(key, "has to be an integer in \(range.lowerBound)...\(range.upperBound)")
        }
        return integer
    }

    /// A list of `count` integers of `range`.
    public mutating func integers(
        _ key: String, count: ClosedRange<Int>, in range: ClosedRange<Int>
    ) throws(JSONFieldError) -> [Int] {
        let elements = try value(key).elements ?? []
        let integers = elements.compactMap { Self.integer($0, in: range) }
        guard count.contains(elements.count), integers.count == elements.count else {
            throw invalid(
                key,
                "has to be a list of \(count.lowerBound)...\(count.upperBound) integers in "
                    + "\(range.lowerBound)...\(range.upperBound)")
        }
        return integers
    }

    /// The objects of a list, each read by `read` until no field of it is left.
    public mutating func objects<Result>(
        _ key: String, atMost limit: Int = 64,
        _ read: (inout JSONFields) throws(JSONFieldError) -> Result
    ) throws(JSONFieldError) -> [Result] {
        guard let elements = try value(key).elements, elements.count <= limit else {
            throw invalid(key, "has to be a list of at most \(limit) objects")
        }
        var results: [Result] = []
        for (index, element) in elements.enumerated() {
            var object = try JSONFields(element, at: "\(place(key))[\(index)]")
            results.append(try read(&object))
            try object.finish()
        }
        return results
    }

    /// Refuses what nobody has asked for.
    public func finish(unknown reason: String = "is not a key of this format") throws(JSONFieldError) {
        if let key = order.first(where: { values[$0] != nil }) { throw invalid(key, reason) }
    }

    private static func integer(_ value: JSONValue, in range: ClosedRange<Int>) -> Int? {
        guard let unsigned = value.unsignedInteger, let integer = Int(exactly: unsigned) else { return nil }
        return range.contains(integer) ? integer : nil
    }
}

internal import Tensors

/// A JSON object of config.json that is read field by field, until none is left.
struct StrictObject {
    private let path: String
    private var members: [String: JSONValue] = [:]
    private var order: [String] = []

    init(_ value: JSONValue, at path: String) throws(ModelError) {
        guard let members = value.members else {
            throw .invalidConfiguration(field: path, reason: "has to be an object")
        }
        self.path = path
        for member in members {
            self.members[member.key] = member.value
            order.append(member.key)
        }
    }

    func field(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func invalid(_ key: String, _ reason: String) -> ModelError {
        .invalidConfiguration(field: field(key), reason: reason)
    }

    mutating func optional(_ key: String) -> JSONValue? { members.removeValue(forKey: key) }

    mutating func value(_ key: String) throws(ModelError) -> JSONValue {
        guard let value = optional(key) else { throw invalid(key, "is missing") }
        return value
    }

    mutating func string(_ key: String) throws(ModelError) -> String {
        guard let text = try value(key).text else { throw invalid(key, "has to be a string") }
        return text
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws(ModelError) -> Choice {
        let text = try string(key)
        guard let choice = Choice(rawValue: text) else {
            let supported = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(key, "unknown \"\(text)\"; supported: \(supported)")
        }
        return choice
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard let integer = Self.integer(try value(key), in: range) else {
            throw invalid(key, "has to be an integer in \(range.lowerBound)...\(range.upperBound)")
        }
        return integer
    }

    mutating func integers(
        _ key: String, count: ClosedRange<Int>, in range: ClosedRange<Int>
    ) throws(ModelError) -> [Int] {
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
    mutating func objects<Result>(
        _ key: String, _ read: (inout StrictObject) throws(ModelError) -> Result
    ) throws(ModelError) -> [Result] {
        guard let elements = try value(key).elements, elements.count <= 64 else {
            throw invalid(key, "has to be a list of at most 64 objects")
        }
        var results: [Result] = []
        for (index, element) in elements.enumerated() {
            var object = try StrictObject(element, at: "\(field(key))[\(index)]")
            results.append(try read(&object))
            try object.finish()
        }
        return results
    }

    /// Refuses what nobody has asked for.
    func finish() throws(ModelError) {
        if let unknown = order.first(where: { members[$0] != nil }) {
            throw invalid(unknown, "is not a known field; facts of the training go under \"metadata\"")
        }
    }

    private static func integer(_ value: JSONValue, in range: ClosedRange<Int>) -> Int? {
        guard let unsigned = value.unsignedInteger, let integer = Int(exactly: unsigned) else { return nil }
        return range.contains(integer) ? integer : nil
    }
}

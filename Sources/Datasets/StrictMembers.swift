internal import Tensors

/// A JSON object of dataset.json that is read field by field, until none is left.
struct StrictMembers {
    private let field: String
    private let path: String
    private var members: [String: JSONValue] = [:]
    private var order: [String] = []

    init(_ value: JSONValue, field: String, path: String) throws(DatasetError) {
        guard let members = value.members else {
            throw .invalidDescription(path: path, field: field, reason: "has to be an object")
        }
        self.field = field
        self.path = path
        for member in members { self.members[member.key] = member.value }
        order = members.map(\.key)
    }

    func invalid(_ key: String, _ reason: String) -> DatasetError {
        .invalidDescription(path: path, field: field.isEmpty ? key : "\(field).\(key)", reason: reason)
    }

    mutating func value(_ key: String) throws(DatasetError) -> JSONValue {
        guard let value = members.removeValue(forKey: key) else { throw invalid(key, "is missing") }
        return value
    }

    mutating func text(_ key: String) throws(DatasetError) -> String {
        guard let text = try value(key).text else { throw invalid(key, "has to be a string") }
        return text
    }

    mutating func optionalText(_ key: String) throws(DatasetError) -> String? {
        members[key] == nil ? nil : try text(key)
    }

    /// Names become parts of tensor names, so they have no dot.
    mutating func name(_ key: String) throws(DatasetError) -> String {
        let name = try text(key)
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

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws(DatasetError) -> Choice {
        let text = try text(key)
        guard let choice = Choice(rawValue: text) else {
            let supported = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(key, "unknown \"\(text)\"; supported: \(supported)")
        }
        return choice
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(DatasetError) -> Int {
        guard let number = try value(key).unsignedInteger, let integer = Int(exactly: number),
            range.contains(integer)
        else { throw invalid(key, "has to be an integer in \(range.lowerBound)...\(range.upperBound)") }
        return integer
    }

    mutating func list<Element>(
        _ key: String, _ element: (inout StrictMembers) throws(DatasetError) -> Element
    ) throws(DatasetError) -> [Element] {
        guard let elements = try value(key).elements else { throw invalid(key, "has to be an array") }
        var result: [Element] = []
        for (index, value) in elements.enumerated() {
            let place = (field.isEmpty ? key : "\(field).\(key)") + "[\(index)]"
            var object = try StrictMembers(value, field: place, path: path)
            result.append(try element(&object))
            try object.finish()
        }
        return result
    }

    /// Refuses what was not asked for.
    func finish() throws(DatasetError) {
        if let key = order.first(where: { members[$0] != nil }) {
            throw invalid(key, "is not a key of this format")
        }
    }
}

/// A recursive descent over the grammar of RFC 8259; ``JSONValue`` is its result.
struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    var depth = 0
    /// The member of the outermost object that is being read.
    private var member: String?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSONValue {
        let result = try value()
        skipWhitespace()
        guard position == bytes.count else { throw error("more text after the value") }
        return result
    }

    func error(_ reason: String) -> JSONError {
        JSONError(offset: position, reason: reason, member: member)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipWhitespace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
        guard next == UInt8(ascii: character) else { throw error("expected '\(character)'") }
        position += 1
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipWhitespace()
        switch next {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .array(try elements())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some: return .number(try number())
        case nil: throw error("the text ends where a value is expected")
        }
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in text.utf8 {
            guard next == byte else { throw error("expected '\(text)'") }
            position += 1
        }
        return value
    }

    private mutating func members() throws(JSONError) -> [JSONValue.Member] {
        var result: [JSONValue.Member] = []
        var keys: Set<String> = []
        try list(closing: "}") { (reader: inout JSONReader) throws(JSONError) in
            let offset = reader.position
            let key = try reader.string()
            if reader.depth == 1 { reader.member = key }
            guard keys.insert(key).inserted else { throw reader.error("duplicate key \"\(key)\"") }
            reader.skipWhitespace()
            try reader.expect(":")
            result.append(JSONValue.Member(key: key, value: try reader.value(), offset: offset))
            if reader.depth == 1 { reader.member = nil }
        }
        return result
    }

    private mutating func elements() throws(JSONError) -> [JSONValue] {
        var result: [JSONValue] = []
        try list(closing: "]") { (reader: inout JSONReader) throws(JSONError) in
            result.append(try reader.value())
        }
        return result
    }

    /// From the opening bracket to the closing one: items separated by commas.
    private mutating func list(
        closing: Unicode.Scalar, item: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard depth < JSONValue.depthLimit else { throw error("nested deeper than \(JSONValue.depthLimit)") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        skipWhitespace()
        if next == UInt8(ascii: closing) {
            position += 1
            return
        }
        while true {
            skipWhitespace()
            try item(&self)
            skipWhitespace()
            guard next == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(closing)
    }

    /// -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
    private mutating func number() throws(JSONError) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
        guard position > start else { throw error("expected a value") }
    }
}

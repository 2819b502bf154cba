/// Reads one dictionary of literals: JSON (RFC 8259) and what Python prints for a dict, of which the old releases of the
/// Amazon data consist. Values of keys that nobody asked for are skipped without being kept.
struct LiteralReader {
    /// A value as far as it is of use here.
    enum Value: Equatable {
        case text([UInt8])
        case number(String)
        case list([Value])
        /// A dictionary, a truth value, null, or what was skipped.
        case other
    }

    /// Why a line is no such dictionary.
    struct Malformed: Error, Equatable { let reason: String }

    private static let depthLimit = 32
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The values of `keys`, in their order; the whole line has to be one dictionary.
    mutating func dictionary(keys: [[UInt8]]) throws(Malformed) -> [Value?] {
        var found = [Value?](repeating: nil, count: keys.count)
        try dictionary { (reader: inout LiteralReader, key: [UInt8]) throws(Malformed) in
            let index = keys.firstIndex(of: key)
            let value = try reader.value(isKept: index != nil)
            if let index { found[index] = value }
        }
        skipSpace()
        guard position == bytes.count else { throw Malformed(reason: "more text after the dictionary") }
        return found
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { position += 1 }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Malformed) {
        skipSpace()
        guard next == UInt8(ascii: character) else {
            throw Malformed(reason: "expected '\(character)' at byte \(position)")
        }
        position += 1
    }

    private mutating func dictionary(
        _ member: (inout LiteralReader, [UInt8]) throws(Malformed) -> Void
    ) throws(Malformed) {
        try items(from: "{", to: "}") { (reader: inout LiteralReader) throws(Malformed) in
            reader.skipSpace()
            let key = try reader.string(isKept: true)
            try reader.expect(":")
            try member(&reader, key)
        }
    }

    /// Items with commas between them, and in Python one after the last.
    private mutating func items(
        from opening: Unicode.Scalar, to closing: Unicode.Scalar,
        _ item: (inout LiteralReader) throws(Malformed) -> Void
    ) throws(Malformed) {
        guard depth < Self.depthLimit else {
            throw Malformed(reason: "nested deeper than \(Self.depthLimit)")
        }
        depth += 1
        defer { depth -= 1 }
        try expect(opening)
        while true {
            skipSpace()
            if next == UInt8(ascii: closing) { break }
            try item(&self)
            skipSpace()
            guard next == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(closing)
    }

    private mutating func value(isKept: Bool) throws(Malformed) -> Value {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            try dictionary { (reader: inout LiteralReader, _: [UInt8]) throws(Malformed) in
                _ = try reader.value(isKept: false)
            }
            return .other
        case UInt8(ascii: "["): return .list(try list("[", "]", isKept: isKept))
        case UInt8(ascii: "("): return .list(try list("(", ")", isKept: isKept))
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try string(isKept: isKept))
        case let byte? where byte < 0x3A && Self.isNumberByte(byte): return .number(number())
        default: return try word(isKept: isKept)
        }
    }

    private mutating func list(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, isKept: Bool
    ) throws(Malformed) -> [Value] {
        var result: [Value] = []
        try items(from: opening, to: closing) { (reader: inout LiteralReader) throws(Malformed) in
            let value = try reader.value(isKept: isKept)
            if isKept { result.append(value) }
        }
        return result
    }

    private mutating func number() -> String {
        let start = position
        while let byte = next, Self.isNumberByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// true, None, nan and the like; or the prefix of a Python string, as in u'…'.
    private mutating func word(isKept: Bool) throws(Malformed) -> Value {
        let start = position
        while let byte = next, Self.isNumberByte(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if word == "u" || word == "U", next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") {
            return .text(try string(isKept: isKept))
        }
        let known = ["true", "false", "null", "True", "False", "None", "nan", "NaN", "inf", "Infinity"]
        guard known.contains(word) else { throw Malformed(reason: "no value at byte \(start)") }
        return .other
    }

    /// A string in either quotes, its escapes undone.
    private mutating func string(isKept: Bool) throws(Malformed) -> [UInt8] {
        if next == UInt8(ascii: "u") || next == UInt8(ascii: "U") { position += 1 }
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw Malformed(reason: "expected a string at byte \(position)")
        }
        position += 1
        var result: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == quote { return result }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &result)
            } else if isKept {
                result.append(byte)
            }
        }
        throw Malformed(reason: "a string is not closed")
    }

    /// What follows a backslash; as in Python, an unknown escape stands for itself.
    private mutating func escape(into result: inout [UInt8]) throws(Malformed) {
        guard let byte = next else { throw Malformed(reason: "a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "x"): try unicode(digits: 2, into: &result)
        case UInt8(ascii: "u"): try unicode(digits: 4, into: &result)
        case UInt8(ascii: "U"): try unicode(digits: 8, into: &result)
        default: result += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func unicode(digits: Int, into result: inout [UInt8]) throws(Malformed) {
        var value = try hexadecimal(digits)
        // A surrogate pair is two escapes (RFC 8259, 7).
        if (0xD800..<0xDC00).contains(value), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = try hexadecimal(4)
            guard (0xDC00..<0xE000).contains(low) else { throw Malformed(reason: "half a surrogate pair") }
            value = 0x1_0000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw Malformed(reason: "an escape is no character") }
        result += Array(String(scalar).utf8)
    }

    private mutating func hexadecimal(_ digits: Int) throws(Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw Malformed(reason: "expected \(digits) hexadecimal digits at byte \(position)")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

/// Appends numbers, texts and bytes as docs/REQUEST_LOG.md has them: little-endian, lengths before contents.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
        var rest = UInt64(number)
        for _ in 0..<(number.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// UTF-8 behind its length; false where it is longer than the length can tell.
    mutating func append(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        guard let count = UInt16(exactly: utf8.count) else { return false }
        append(count)
        append(raw: utf8)
        return true
    }

    mutating func append(raw content: [UInt8]) { bytes += content }
}

/// Reads them back; nil where the bytes end too early, before anything is allocated for them.
struct ByteReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// Precondition: the range lies inside the bytes.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a range of the bytes")
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var remaining: Int { end - position }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) -> Number? {
        let count = Number.bitWidth / 8
        guard remaining >= count else { return nil }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += count
        return Number(truncatingIfNeeded: value)
    }

    mutating func raw(_ count: Int) -> [UInt8]? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// Nil for what is no UTF-8 too.
    mutating func text() -> String? {
        guard let count = number(UInt16.self), let utf8 = raw(Int(count)) else { return nil }
        return String(validating: utf8, as: UTF8.self)
    }
}

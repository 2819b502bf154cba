/// Splits lines into fields: at tabs, or at commas with quotes as in RFC 4180, where a record may take several lines.
struct RecordSplitter {
    /// Longest record over several lines, so that a quote that is never closed costs so much and no more.
    static let limitBytes = 1 << 16
    private let separator: UInt8
    private let isQuoted: Bool
    /// The fields' bytes, quotes undone, end to end.
    private(set) var bytes: [UInt8] = []
    /// Where each field stands in ``bytes``.
    private(set) var fields: [Range<Int>] = []
    private var begin = 0
    private var isInQuotes = false

    /// What a line did to the record.
    enum Progress: Equatable { case complete, unfinished, malformed(String) }

    static let tabs = RecordSplitter(separator: UInt8(ascii: "\t"), isQuoted: false)
    static let commas = RecordSplitter(separator: UInt8(ascii: ","), isQuoted: true)

    private init(separator: UInt8, isQuoted: Bool) {
        self.separator = separator
        self.isQuoted = isQuoted
    }

    /// Whether a record has begun and not ended.
    var isUnfinished: Bool { isInQuotes }

    /// Forgets a record that has begun.
    mutating func reset() {
        isInQuotes = false
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        begin = 0
    }

    /// Takes the next line.
    mutating func take(_ line: [UInt8]) -> Progress {
        if isInQuotes { bytes.append(UInt8(ascii: "\n")) } else { reset() }
        if !isQuoted {
            takeUnquoted(line)
            return .complete
        }
        if let reason = takeQuoted(line) {
            reset()
            return .malformed(reason)
        }
        guard isInQuotes else { return .complete }
        guard bytes.count <= Self.limitBytes else {
            reset()
            return .malformed("a quote is not closed within \(Self.limitBytes) bytes")
        }
        return .unfinished
    }

    private mutating func takeUnquoted(_ line: [UInt8]) {
        bytes.append(contentsOf: line)
        for (index, byte) in bytes.enumerated() where byte == separator {
            fields.append(begin..<index)
            begin = index + 1
        }
        fields.append(begin..<bytes.count)
    }

    /// The reason why the line is malformed, if it is.
    private mutating func takeQuoted(_ line: [UInt8]) -> String? {
        var index = 0
        while index < line.count {
            let byte = line[index]
            index += 1
            if isInQuotes {
                guard byte == UInt8(ascii: "\"") else {
                    bytes.append(byte)
                    continue
                }
                if index < line.count, line[index] == UInt8(ascii: "\"") {
                    bytes.append(byte)
                    index += 1
                    continue
                }
                isInQuotes = false
                if index < line.count, line[index] != separator { return "text after a closing quote" }
            } else if byte == separator {
                endField()
            } else if byte == UInt8(ascii: "\"") {
                guard bytes.count == begin else { return "a quote within a field" }
                isInQuotes = true
            } else {
                bytes.append(byte)
            }
        }
        if !isInQuotes { endField() }
        return nil
    }

    private mutating func endField() {
        fields.append(begin..<bytes.count)
        begin = bytes.count
    }
}

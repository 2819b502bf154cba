internal import Files
internal import Tensors

/// Reads logs of outcomes: a JSON object a line, or tables (TSV, CSV) with the names of their columns in the first line, packed
/// by gzip or not; told apart by their first line. Fields with other names are passed over.
public struct OutcomeReader {
    /// What a line tells where it does not say so itself; nil: it has to.
    public var event: OutcomeLine.Event?
    /// Whether the first malformed line ends the reading.
    public var isStrict = false
    /// Lines that could not be read.
    public private(set) var malformed = MalformedLines()
    /// Lines that could.
    public private(set) var count = 0
    /// Lines between two reports.
    private static let reportLines = 4096

    /// A reader of lines that say what they tell.
    public init() {}

    /// Reads one file.
    ///
    /// - Parameters:
    ///   - progress: told now and then how many bytes were taken from the disk, of how many.
    ///   - body: gets each line that can be read.
    /// - Throws: `DatasetError`: `file` where the disk fails, `unusableInput` where the columns say too little, `malformedLine`
    ///   where strict.
    public mutating func read(
        _ path: String, progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in },
        _ body: (OutcomeLine) -> Void
    ) throws(DatasetError) {
        let lines = try LineReader(path)
        var table: Table?
        var begin = 1
        var isFirst = true
        while try lines.next() {
            if lines.number % Self.reportLines == 0 { progress(lines.file.consumed, lines.file.size) }
            let isInside = table?.splitter.isUnfinished ?? false
            if !isInside { begin = lines.number }
            if lines.line.isEmpty, !isInside { continue }
            guard !lines.isCut else {
                table?.splitter.reset()
                try refuse(lines, begin, "longer than \(LineReader.limitBytes) bytes")
                continue
            }
            defer { isFirst = false }
            if isFirst, lines.line.first(where: { $0 != 0x20 }) != UInt8(ascii: "{") {
                table = try Table(lines.line, path)
                continue
            }
            do throws(OutcomeComplaint) {
                let line = try table == nil ? line(object: lines.line) : table?.take(lines.line, event)
                guard let line else { continue }
                count += 1
                body(line)
            } catch { try refuse(lines, begin, error.reason) }
        }
        if table?.splitter.isUnfinished ?? false { try refuse(lines, begin, "the file ends within quotes") }
    }

    private mutating func refuse(_ lines: LineReader, _ number: Int, _ reason: String) throws(DatasetError) {
        try malformed.add(lines.file.path, number, reason, isStrict: isStrict)
    }

    /// One JSON object.
    private func line(object bytes: [UInt8]) throws(OutcomeComplaint) -> OutcomeLine {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw OutcomeComplaint(reason: error.description)
        }
        guard let members = value.members else { throw OutcomeComplaint(reason: "it is no JSON object") }
        var line = OutcomeLine()
        for member in members {
            guard let field = OutcomeField(named: member.key) else { continue }
            switch member.value {
            case .string(let text), .number(let text): try line.set(field, text)
            case .bool(let truth): try line.set(field, truth ? "1" : "0")
            case .null: break
            case .array, .object: throw OutcomeComplaint(reason: "its \(member.key) is a list or an object")
            }
        }
        try line.complete(event)
        return line
    }

    /// A table whose columns are known.
    private struct Table {
        var splitter: RecordSplitter
        private let fields: [OutcomeField?]

        /// From the first line.
        init(_ line: [UInt8], _ path: String) throws(DatasetError) {
            splitter = line.contains(UInt8(ascii: "\t")) ? .tabs : .commas
            guard splitter.take(line) == .complete else {
                throw .unusableInput(reason: "\(path): the first line is no header of a table")
            }
            let bytes = splitter.bytes
            let names = splitter.fields.map { String(decoding: bytes[$0], as: UTF8.self) }
            fields = names.map(OutcomeField.init(named:))
            let known = Set(fields.compactMap { $0 })
            guard known.contains(.request) || known.contains(.token),
                known.contains(.position) || known.contains(.item)
            else {
                throw .unusableInput(
                    reason:
                        "\(path): the first line names no columns request_id or token, and position or item (found: "
                        + "\(names.joined(separator: ", ").prefix(200)))")
            }
        }

        /// The line that a record ends with; nil where it goes on.
        mutating func take(
            _ bytes: [UInt8], _ event: OutcomeLine.Event?
        ) throws(OutcomeComplaint) -> OutcomeLine? {
            switch splitter.take(bytes) {
            case .unfinished: return nil
            case .malformed(let reason): throw OutcomeComplaint(reason: reason)
            case .complete: break
            }
            guard splitter.fields.count == fields.count else {
                throw OutcomeComplaint(
                    reason: "\(splitter.fields.count) fields, the header names \(fields.count)")
            }
            var line = OutcomeLine()
            for (field, range) in zip(fields, splitter.fields) {
                guard let field else { continue }
                guard let text = String(validating: splitter.bytes[range], as: UTF8.self) else {
                    throw OutcomeComplaint(reason: "it is no UTF-8")
                }
                try line.set(field, text)
            }
            try line.complete(event)
            return line
        }
    }
}

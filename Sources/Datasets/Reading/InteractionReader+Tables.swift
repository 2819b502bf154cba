extension InteractionReader {
    /// A table with the names of its columns in the first line.
    mutating func readTable(_ lines: LineReader, _ input: Input) throws(DatasetError) {
        var splitter = input.format == .tsv ? RecordSplitter.tabs : .commas
        var header = input.role == .interactions ? options.columns.map(TableHeader.init(names:)) : nil
        var begin = 1
        while try lines.next() {
            try report(lines)
            if !splitter.isUnfinished { begin = lines.number }
            if lines.line.isEmpty, !splitter.isUnfinished { continue }
            guard !lines.isCut else {
                splitter.reset()
                try refuse(lines, lines.number, "longer than \(LineReader.limitBytes) bytes")
                continue
            }
            switch splitter.take(lines.line) {
            case .unfinished: continue
            case .malformed(let reason): try refuse(lines, begin, reason)
            case .complete:
                guard let known = header else {
                    header = TableHeader(splitter)
                    continue
                }
                if let reason = try take(splitter, known, input.role) { try refuse(lines, begin, reason) }
            }
        }
        if splitter.isUnfinished { try refuse(lines, begin, "the file ends within quotes") }
    }

    /// One record of a table; the reason if it is malformed.
    private mutating func take(
        _ record: RecordSplitter, _ header: TableHeader, _ role: InputRole
    ) throws(DatasetError) -> String? {
        guard record.fields.count == header.names.count else {
            return "\(record.fields.count) fields, the header names \(header.names.count)"
        }
        func field(_ column: TableHeader.Column) -> Range<Int>? { header[column].map { record.fields[$0] } }
        switch role {
        case .split: return takeSplit(record.bytes, field)
        case .items:
            guard let place = field(.item), let item = catalogue.item(record.bytes, place) else {
                return "its item is no identifier"
            }
            guard let place = field(.category), catalogue.setCategory(of: item, record.bytes, place) else {
                return "its category is no identifier"
            }
            return nil
        default:
            guard let user = field(.user), let item = field(.item) else {
                return "the columns lack user or item"
            }
            var time: Int64 = 0
            if let place = field(.time) {
                guard let parsed = Self.time(record.bytes[place]) else { return "its timestamp is no number" }
                time = parsed
            }
            return try add(record.bytes, user: user, item: item, category: field(.category), time: time)
        }
    }

    /// One user of a split file.
    private mutating func takeSplit(
        _ bytes: [UInt8], _ field: (TableHeader.Column) -> Range<Int>?
    ) -> String? {
        guard let place = field(.user), let user = catalogue.users.number(of: bytes, place) else {
            return "its user has no interactions"
        }
        guard let place = field(.bucket),
            let bucket = Int8(String(decoding: bytes[place], as: UTF8.self)), (1...10).contains(bucket)
        else { return "its bucket is not 1 to 10" }
        var entry = SplitTable.Entry(bucket: bucket, positive: -1, popular: -1, uniform: -1)
        let columns: [(TableHeader.Column, WritableKeyPath<SplitTable.Entry, Int32>)] = [
            (.positive, \.positive), (.popular, \.popular), (.uniform, \.uniform),
        ]
        for (column, path) in columns {
            guard let place = field(column), !place.isEmpty else { continue }
            guard let item = catalogue.items.number(of: bytes, place) else {
                return "it names an item that nobody has"
            }
            entry[keyPath: path] = Int32(item)
        }
        var table = split ?? SplitTable()
        table.set(user, entry)
        split = table
        return nil
    }
}

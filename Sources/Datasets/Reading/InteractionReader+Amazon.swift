extension InteractionReader {
    private static let keys = ["reviewerID", "asin", "unixReviewTime", "categories"].map { Array($0.utf8) }

    /// Reviews and metadata: a JSON object or a Python dict a line, each told by its keys.
    mutating func readAmazon(_ lines: LineReader) throws(DatasetError) {
        while try lines.next() {
            try report(lines)
            if lines.line.isEmpty { continue }
            guard !lines.isCut else {
                try refuse(lines, lines.number, "longer than \(LineReader.limitBytes) bytes")
                continue
            }
            var reader = LiteralReader(lines.line)
            let values: [LiteralReader.Value?]
            do { values = try reader.dictionary(keys: Self.keys) } catch {
                try refuse(lines, lines.number, error.reason)
                continue
            }
            if let reason = try take(values) { try refuse(lines, lines.number, reason) }
        }
    }

    private mutating func take(_ values: [LiteralReader.Value?]) throws(DatasetError) -> String? {
        guard case .text(let item)? = values[1] else { return "it has no asin" }
        guard let reviewer = values[0] else {
            guard let number = catalogue.item(item, 0..<item.count) else {
                return "its asin is no identifier"
            }
            guard let category = category(values[3]) else { return nil }
            return catalogue.setCategory(of: number, category, 0..<category.count)
                ? nil : "its category is no identifier"
        }
        guard case .text(let user) = reviewer else { return "its reviewerID is no string" }
        guard case .number(let text)? = values[2], let time = Self.time(Array(text.utf8)[...]) else {
            return "its unixReviewTime is no number"
        }
        let bytes = user + item
        return try add(
            bytes, user: 0..<user.count, item: user.count..<bytes.count, category: nil, time: time)
    }

    /// The last element of the first path, as in the reference's scripts, or of the last one, as in DIN's.
    private func category(_ value: LiteralReader.Value?) -> [UInt8]? {
        guard case .list(let paths)? = value,
            case .list(let path)? = options.usesLastCategoryPath ? paths.last : paths.first,
            case .text(let category)? = path.last
        else { return nil }
        return category
    }
}

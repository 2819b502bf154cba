/// Columns of text: the first one to the left, the others to the right.
public struct TextTable {
    /// Cells, row by row; a row may be shorter than others.
    public let rows: [[String]]

    /// A table of these cells.
    public init(rows: [[String]]) { self.rows = rows }

    /// Lines without spaces at their ends.
    public var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let fill = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + fill : fill + cell
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

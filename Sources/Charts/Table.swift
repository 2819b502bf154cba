/// A table as HTML, its cells plain text.
public struct Table: Sendable {
    /// One cell.
    public enum Cell: Sendable {
        /// Words.
        case text(String)
        /// A figure, aligned to the right, with a remark (an interval) under it.
        case number(String, range: String? = nil)
        /// A state, or what a check says: a word with a coloured sign before it, and a remark under it.
        case sign(String, Tone, remark: String? = nil)
    }

    /// What a state means for whoever looks. The word tells it; the colour repeats it.
    public enum Tone: String, Sendable {
        /// As it should be.
        case good
        /// Not there yet.
        case waiting
        /// Somebody should look.
        case bad
        /// Neither.
        case quiet
    }

    /// Column headings; the first column names the rows.
    public var columns: [String]
    /// Whether each column but the first holds figures, where there is no row to tell it by.
    public var isNumeric: Bool
    /// A name and the cells of a row.
    public var rows: [(name: String, cells: [Cell])] = []

    /// A table without rows.
    public init(columns: [String], isNumeric: Bool = true) {
        self.columns = columns
        self.isNumeric = isNumeric
    }

    /// Adds a row.
    public mutating func add(_ name: String, _ cells: [Cell]) { rows.append((name, cells)) }

    /// The table in a box that scrolls sideways where it is too wide.
    public var html: String {
        let heads = columns.enumerated().map { index, name in
            "<th scope=\"col\"\(isNumber(index) ? " class=\"number\"" : "")>\(MarkupText.escaped(name))</th>"
        }
        let head = columns.allSatisfy(\.isEmpty) ? "" : "<thead><tr>\(heads.joined())</tr></thead>"
        let body = rows.map { row in
            "<tr><th scope=\"row\">\(MarkupText.escaped(row.name))</th>"
                + row.cells.map(Self.html).joined() + "</tr>"
        }
        return
            "<div class=\"scroll\"><table>\(head)<tbody>\n\(body.joined(separator: "\n"))\n</tbody></table></div>\n"
    }

    /// Whether a column's heading stands to the right, as the figures under it.
    private func isNumber(_ column: Int) -> Bool {
        guard column > 0 else { return false }
        guard let cells = rows.first?.cells, column <= cells.count else { return isNumeric }
        return switch cells[column - 1] {
        case .number: true
        case .text, .sign: false
        }
    }

    private static func html(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): return "<td class=\"text\">\(MarkupText.escaped(text))</td>"
        case .number(let figure, let range):
            let remark = range.map { "<span class=\"range\">\(MarkupText.escaped($0))</span>" } ?? ""
            return "<td class=\"number\">\(MarkupText.escaped(figure))\(remark)</td>"
        case .sign(let word, let tone, let remark):
            let remark = remark.map { "<span class=\"remark\">\(MarkupText.escaped($0))</span>" } ?? ""
            return
                "<td><span class=\"sign \(tone.rawValue)\">\(MarkupText.escaped(word))</span>\(remark)</td>"
        }
    }
}

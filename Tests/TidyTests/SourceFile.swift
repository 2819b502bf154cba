import Foundation

/// One Swift file as the tidy rules see it.
struct SourceFile {
    var path: String
    var target: String
    var lines: [String]

    /// Every Swift file below a top-level folder of the repository.
    static func all(in folder: String) throws -> [SourceFile] {
        let base = TidyTests.root.appendingPathComponent(folder)
        guard let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else {
            return []
        }
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map { url in
            let relative = String(url.path.dropFirst(TidyTests.root.path.count + 1))
            let text = try String(contentsOf: url, encoding: .utf8)
            return SourceFile(
                path: relative, target: relative.split(separator: "/").map(String.init)[1],
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    /// The modules that this file imports.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword <= 2, !line.hasPrefix("//") else {
                return nil
            }
            return words.last.map(String.init)
        }
    }

    /// Each function and initialiser: the line where it starts and how many lines it takes, by matching braces.
    var functions: [(line: Int, lineCount: Int)] {
        var found: [(line: Int, lineCount: Int)] = []
        for (start, line) in lines.enumerated() {
            let code = line.drop { $0 == " " }
            guard !code.hasPrefix("//"),
                code.contains("func ") || code.contains("init(") || code.contains("init?("),
                !code.contains(".init("), let length = bracedLength(from: start)
            else { continue }
            found.append((start + 1, length))
        }
        return found
    }

    private func bracedLength(from start: Int) -> Int? {
        var depth = 0
        var opened = false
        for (offset, line) in lines[start...].enumerated() {
            // A brace in a string literal opens nothing.
            for character in line.replacing(/"[^"]*"/, with: "") {
                if character == "{" { (depth, opened) = (depth + 1, true) }
                if character == "}" { depth -= 1 }
            }
            if opened, depth <= 0 { return offset + 1 }
            if !opened, offset > 12 { return nil }
        }
        return nil
    }
}

extension String {
    /// Whether the word stands in the line as code, not in a comment.
    func hasWord(_ word: String) -> Bool {
        guard let found = range(of: "\\b\(word)\\b", options: .regularExpression) else { return false }
        guard let comment = range(of: "//") else { return true }
        return found.lowerBound < comment.lowerBound || word.allSatisfy(\.isUppercase)
    }
}

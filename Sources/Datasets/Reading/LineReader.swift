internal import Files

/// The lines of a file, one at a time in bounded memory, without their ends; LF and CR LF both end a line.
final class LineReader {
    /// Longest line that is read; a longer one is cut, and ``isCut`` says so.
    static let limitBytes = 1 << 24

    /// The file.
    let file: InputFile
    /// Number of the line that ``next()`` read, from 1.
    private(set) var number = 0
    /// That line.
    private(set) var line: [UInt8] = []
    /// Whether the line was longer than the limit, and its rest was skipped.
    private(set) var isCut = false
    private var chunk = [UInt8](repeating: 0, count: 1 << 17)
    private var available = 0..<0

    init(_ path: String) throws(DatasetError) {
        do { file = try InputFile(path) } catch { throw .file(error) }
    }

    /// Reads the next line; false at the end of the file.
    func next() throws(DatasetError) -> Bool {
        line.removeAll(keepingCapacity: true)
        isCut = false
        var isEmpty = true
        while true {
            if available.isEmpty {
                let count: Int
                do { count = try file.read(into: &chunk) } catch { throw .file(error) }
                available = 0..<count
                if count == 0 {
                    guard !isEmpty else { return false }
                    break
                }
            }
            isEmpty = false
            let piece = chunk[available]
            guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else {
                take(piece)
                available = 0..<0
                continue
            }
            take(piece[..<end])
            available = end + 1..<available.upperBound
            break
        }
        number += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        // A byte order mark is no part of the first name.
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        return true
    }

    private func take(_ piece: ArraySlice<UInt8>) {
        let room = Self.limitBytes - line.count
        if piece.count > room { isCut = true }
        line.append(contentsOf: piece.prefix(room))
    }
}

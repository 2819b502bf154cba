/// Files that the kernel makes up as they are read (proc, cgroup), whose size is 0 until then.
enum VirtualFile {
    /// The content of such a file; nil when it is absent, unreadable or longer than `limit` bytes.
    static func text(_ path: String, limit: Int = 1 << 20) -> String? {
        guard let file = try? LocalFileSystem().openFile(path) else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while let count = try? file.read(into: &chunk) {
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
            if bytes.count > limit { return nil }
        }
        return nil
    }

    /// How many lines such a file has, however long it is; nil when it cannot be read.
    static func lineCount(_ path: String) -> Int? {
        guard let file = try? LocalFileSystem().openFile(path) else { return nil }
        var lines = 0
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while let count = try? file.read(into: &chunk) {
            if count == 0 { return lines }
            for byte in chunk[..<count] where byte == UInt8(ascii: "\n") { lines += 1 }
        }
        return nil
    }

    /// The number that follows `name` on a line of its own, as in `MemAvailable:  24001480 kB` and `inactive_file 933888`;
    /// the unit is the caller's to know.
    static func number(after name: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count >= 2, words[0] == name { return UInt64(words[1]) }
        }
        return nil
    }
}

internal import Tensors

/// Ascending strings end to end in one tensor of bytes, and the offsets at which each begins.
struct StringTable: Sendable {
    private let bytes: MappedTensor<UInt8>
    private let offsets: MappedTensor<UInt64>
    /// How many strings.
    let count: Int

    init(_ file: SafetensorsFile, table: String) throws(ModelError) {
        bytes = try TableVocabulary.tensor(file, "\(table).bytes", of: UInt8.self, count: nil)
        offsets = try TableVocabulary.tensor(file, "\(table).offsets", of: UInt64.self, count: nil)
        count = offsets.count - 1
        try Self.check(bytes.elements(), offsets.elements(), table: table)
    }

    /// Offsets ascend from 0 to the number of bytes, and the strings are UTF-8, without NUL, strictly ascending bytewise.
    private static func check(
        _ bytes: [UInt8], _ offsets: [UInt64], table: String
    ) throws(ModelError) {
        guard offsets.first == 0, offsets.last == UInt64(bytes.count) else {
            throw .invalidVocabulary(
                tensor: "\(table).offsets", reason: "has to go from 0 to the \(bytes.count) bytes")
        }
        var previous = bytes[..<0]
        for index in offsets.indices.dropLast() {
            guard offsets[index] <= offsets[index + 1], offsets[index + 1] <= UInt64(bytes.count) else {
                throw .invalidVocabulary(
                    tensor: "\(table).offsets", reason: "element \(index + 1) is below the one before it")
            }
            let string = bytes[Int(offsets[index])..<Int(offsets[index + 1])]
            guard !string.contains(0), String(validating: string, as: UTF8.self) != nil else {
                throw .invalidVocabulary(
                    tensor: "\(table).bytes", reason: "string \(index) is not UTF-8 without NUL")
            }
            guard index == 0 || previous.lexicographicallyPrecedes(string) else {
                throw .invalidVocabulary(
                    tensor: "\(table).bytes",
                    reason:
                        "string \(index) is not above the one before it; sort bytewise, without duplicates")
            }
            previous = string
        }
    }

    /// The index of a string.
    func position(of string: String) -> Int? {
        let wanted = string.utf8Span.span
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if bytes.compare(range(middle), with: wanted) < 0 { low = middle + 1 } else { high = middle }
        }
        return low < count && bytes.compare(range(low), with: wanted) == 0 ? low : nil
    }

    /// Where a string stands. Offsets on a page that the file has lost read as zeros, and need not ascend any more.
    private func range(_ index: Int) -> Range<Int> {
        let begin = Int(offsets[index])
        return begin..<max(begin, Int(offsets[index + 1]))
    }
}

extension SafetensorsWriter {
    /// Wider elements first; a stable order otherwise.
    static func ordered(_ tensors: [Declaration]) -> [Declaration] {
        [8, 4, 2, 1].flatMap { size in tensors.filter { $0.type.size == size } }
    }

    /// What the reader would refuse is not written.
    static func check(_ tensors: [Declaration], path: String) throws(TensorError) {
        var seen: Set<String> = []
        for (index, tensor) in tensors.enumerated() {
            let reason: String? =
                if !SafetensorsHeader.isName(tensor.name) {
                    "a name is 1 to 255 letters, digits, '.', '_' or '-'"
                } else if !seen.insert(tensor.name).inserted {
                    "the name occurs twice"
                } else if index >= SafetensorsFile.tensorLimit {
                    "more than \(SafetensorsFile.tensorLimit) tensors"
                } else if tensor.shape.count > SafetensorsFile.rankLimit
                    || tensor.shape.contains(where: { $0 < 0 })
                {
                    "0 to \(SafetensorsFile.rankLimit) extents, none negative"
                } else {
                    nil
                }
            if let reason {
                throw .malformedTensor(path: path, tensor: tensor.name, offset: 0, reason: reason)
            }
        }
    }

    /// The length and the JSON text, padded with spaces so that the data begins on a page.
    static func header(_ tensors: [Declaration], _ metadata: [String: String]) -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let strings = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            entries.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
        }
        var begin = 0
        for tensor in tensors {
            let end = begin + tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var text = Array("{\(entries.joined(separator: ","))}".utf8)
        let padded = (8 + text.count + alignment - 1) / alignment * alignment
        text += [UInt8](repeating: UInt8(ascii: " "), count: padded - 8 - text.count)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return length + text
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).serialised }
}

internal import Tensors

/// Reads tensors and checks their elements; refusals name the tensor and the place.
struct TensorReader {
    let file: SafetensorsFile

    /// A tensor of one extent; nil: of any.
    func tensor<Element: TensorElement>(
        _ name: String, count: Int?, of type: Element.Type = Element.self
    ) throws(DatasetError) -> MappedTensor<Element> {
        do { return try file.tensor(name, of: type, shape: [count]) } catch { throw .tensors(error) }
    }

    /// Rows of a table: every element is in 0..<limit.
    func rows(_ name: String, count: Int?, of limit: Int) throws(DatasetError) -> MappedTensor<Int32> {
        let rows = try tensor(name, count: count, of: Int32.self)
        let end = Int32(clamping: limit)
        if let bad = rows.firstIndex(ofBadElement: { $0 >= 0 && $0 < end }) {
            throw invalid(name, rows, bad, "element \(bad) is \(rows[bad]), not in 0..<\(limit)")
        }
        return rows
    }

    func invalid<Element: TensorElement>(
        _ name: String, _ tensor: MappedTensor<Element>, _ index: Int, _ reason: String
    ) -> DatasetError {
        .invalidTensor(path: file.path, tensor: name, offset: tensor.fileOffset(of: index), reason: reason)
    }

    /// Refuses a tensor that the format does not know.
    func refuseOthers(than declarations: [SafetensorsWriter.Declaration]) throws(DatasetError) {
        let known = Set(declarations.map(\.name))
        for tensor in file.tensors where !known.contains(tensor.name) {
            throw .invalidTensor(
                path: file.path, tensor: tensor.name, offset: tensor.bytes.lowerBound,
                reason: "is not a tensor of this format")
        }
    }
}

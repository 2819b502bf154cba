public import Files

/// A file of named tensors in the safetensors format, mapped, every byte of it accounted for.
///
/// Layout: u64 little-endian header length, a JSON header, the tensors' bytes without hole or overlap up to the end of the
/// file. Stricter than the format: header and number of tensors are bounded, names have a grammar, keys are unique.
public struct SafetensorsFile: Sendable {
    /// Longest header that is read.
    public static let headerLimitBytes = 1 << 20
    /// Most tensors in a file.
    public static let tensorLimit = 4096
    /// Most extents of a tensor.
    public static let rankLimit = 4

    let file: MappedFile
    /// What errors call the file: the path, unless it was given another name.
    public let path: String
    /// The tensors in the order of their bytes.
    public let tensors: [TensorDescription]
    /// The free strings of the header's `__metadata__`.
    public let metadata: [String: String]
    private let positions: [String: Int]

    /// Reads and checks the header; the tensors' values are not looked at.
    ///
    /// - Parameter name: what errors shall call the file, where its path says less or too much; nil: the path.
    public init(_ file: MappedFile, named name: String? = nil) throws(TensorError) {
        path = name ?? file.path
        let header = try SafetensorsHeader(file, path: path)
        self.file = file
        tensors = header.tensors
        metadata = header.metadata
        var positions: [String: Int] = [:]
        for (position, tensor) in tensors.enumerated() { positions[tensor.name] = position }
        self.positions = positions
    }

    /// The tensor of that name, if there is one.
    public func description(of name: String) -> TensorDescription? {
        positions[name].map { tensors[$0] }
    }

    /// The elements of a tensor, in place; throws unless it has this type and shape. `nil` in `shape` allows any extent.
    public func tensor<Element: TensorElement>(
        _ name: String, of type: Element.Type = Element.self, shape: [Int?]
    ) throws(TensorError) -> MappedTensor<Element> {
        guard let found = description(of: name) else { throw .missingTensor(path: path, tensor: name) }
        let fits =
            found.shape.count == shape.count
            && zip(found.shape, shape).allSatisfy { extent, wanted in wanted == nil || wanted == extent }
        guard found.type == Element.elementType, fits else {
            let extents = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw .unexpectedTensor(
                path: path, tensor: name, offset: found.bytes.lowerBound, found: "\(found)",
                expected: "\(Element.elementType.rawValue) [\(extents)]")
        }
        return MappedTensor(found, in: file)
    }

    /// The weights of a tensor, in place; throws unless it is F32 of this shape and every element is finite.
    public func weights(_ name: String, shape: [Int]) throws(TensorError) -> MappedTensor<Float> {
        let weights = try tensor(name, of: Float.self, shape: shape)
        if let element = weights.firstNonFinite {
            let offset = weights.offset + element * MemoryLayout<Float>.size
            throw .nonFinite(path: path, tensor: name, element: element, offset: offset)
        }
        return weights
    }
}

extension SafetensorsFile {
    /// A copy of a part of a tensor's bytes as they lie in the file; the range counts from the tensor's first byte and lies
    /// within it.
    public func bytes(of tensor: TensorDescription, _ range: Range<Int>) -> [UInt8] {
        let start = tensor.bytes.lowerBound
        precondition(range.lowerBound >= 0 && range.upperBound <= tensor.bytes.count, "beyond the tensor")
        return file.copy(start + range.lowerBound..<start + range.upperBound)
    }
}

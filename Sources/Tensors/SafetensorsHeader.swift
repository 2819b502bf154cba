internal import Files

/// The checked header of a safetensors file.
struct SafetensorsHeader {
    var tensors: [TensorDescription] = []
    var metadata: [String: String] = [:]
    private let path: String
    private static let lengthBytes = 8

    /// - Parameter path: what errors call the file.
    init(_ file: MappedFile, path: String) throws(TensorError) {
        self.path = path
        let (members, dataStart) = try Self.members(of: file, path: path)
        for member in members {
            if member.key == "__metadata__" {
                metadata = try strings(member)
            } else {
                tensors.append(try tensor(member, dataStart: dataStart))
            }
            guard tensors.count <= SafetensorsFile.tensorLimit else {
                throw malformed(member, "more than \(SafetensorsFile.tensorLimit) tensors")
            }
        }
        tensors.sort {
            ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        }
        try checkLayout(dataStart: dataStart, fileBytes: file.count)
    }

    private func malformed(_ member: JSONValue.Member, _ reason: String) -> TensorError {
        .malformedTensor(
            path: path, tensor: member.key, offset: Self.lengthBytes + member.offset, reason: reason)
    }

    /// The members of the header's object, and where the data begins.
    private static func members(
        of file: MappedFile, path: String
    ) throws(TensorError) -> ([JSONValue.Member], Int) {
        guard file.count >= lengthBytes else { throw .truncatedHeader(path: path, bytes: file.count) }
        let length = file.loadElement(UInt64.self, at: 0)
        guard length <= UInt64(SafetensorsFile.headerLimitBytes) else {
            throw .headerTooLong(path: path, bytes: length)
        }
        let dataStart = lengthBytes + Int(length)
        guard dataStart <= file.count else { throw .truncatedHeader(path: path, bytes: file.count) }
        let header: JSONValue
        do {
            header = try JSONValue(parsing: file.copy(lengthBytes..<dataStart))
        } catch {
            throw .malformedHeader(
                path: path, tensor: error.member, offset: lengthBytes + error.offset,
                reason: error.reason)
        }
        guard let members = header.members else {
            throw .malformedHeader(
                path: path, tensor: nil, offset: lengthBytes, reason: "not an object")
        }
        return (members, dataStart)
    }

    private func strings(_ entry: JSONValue.Member) throws(TensorError) -> [String: String] {
        guard let members = entry.value.members else { throw malformed(entry, "not an object") }
        var result: [String: String] = [:]
        for member in members {
            guard let text = member.value.text else {
                throw malformed(entry, "\"\(member.key)\" is not a string")
            }
            result[member.key] = text
        }
        return result
    }

    /// One member: {"dtype": …, "shape": […], "data_offsets": [begin, end]}, these keys and no others.
    private func tensor(
        _ entry: JSONValue.Member, dataStart: Int
    ) throws(TensorError) -> TensorDescription {
        let name = entry.key
        guard Self.isName(name) else {
            throw malformed(entry, "a name is 1 to 255 letters, digits, '.', '_' or '-'")
        }
        guard let members = entry.value.members else { throw malformed(entry, "not an object") }
        var fields: [String: JSONValue] = [:]
        for member in members { fields[member.key] = member.value }
        guard fields.count == 3, let dtype = fields["dtype"]?.text,
            let shape = Self.integers(fields["shape"]), let offsets = Self.integers(fields["data_offsets"])
        else { throw malformed(entry, "needs exactly dtype, shape and data_offsets") }
        guard let type = ElementType(rawValue: dtype) else {
            throw malformed(entry, "unknown dtype \"\(dtype)\"")
        }
        guard shape.count <= SafetensorsFile.rankLimit else {
            throw malformed(entry, "more than \(SafetensorsFile.rankLimit) extents")
        }
        guard let size = Self.size(of: shape, type) else { throw malformed(entry, "its size overflows") }
        // Int.max / 2 keeps every later sum with the header in range.
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= UInt64(Int.max / 2) else {
            throw malformed(entry, "data_offsets are not a range")
        }
        guard offsets[1] - offsets[0] == size else {
            throw malformed(
                entry, "\(type.rawValue) \(shape) takes \(size) bytes, not \(offsets[1] - offsets[0])")
        }
        return TensorDescription(
            name: name, type: type, shape: shape.map(Int.init),
            bytes: dataStart + Int(offsets[0])..<dataStart + Int(offsets[1]))
    }

    /// First at 0, each where the one before it ends, the last at the end of the file.
    private func checkLayout(dataStart: Int, fileBytes: Int) throws(TensorError) {
        var end = dataStart
        for tensor in tensors {
            guard tensor.bytes.lowerBound == end else {
                throw .misplacedTensor(
                    path: path, tensor: tensor.name, offset: UInt64(tensor.bytes.lowerBound - dataStart),
                    expected: UInt64(end - dataStart))
            }
            end = tensor.bytes.upperBound
        }
        guard end == fileBytes else {
            throw .wrongFileSize(
                path: path, tensor: tensors.last?.name, bytes: fileBytes, expected: UInt64(end))
        }
    }
}

extension SafetensorsHeader {
    static func isName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func integers(_ value: JSONValue?) -> [UInt64]? {
        guard let elements = value?.elements else { return nil }
        let integers = elements.compactMap(\.unsignedInteger)
        return integers.count == elements.count ? integers : nil
    }

    /// Bytes of a tensor; nil where an extent or the product is beyond what an Int holds.
    private static func size(of shape: [UInt64], _ type: ElementType) -> UInt64? {
        var size = UInt64(type.size)
        for extent in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow, extent <= UInt64(Int.max) else { return nil }
            size = product
        }
        return size <= UInt64(Int.max) ? size : nil
    }
}

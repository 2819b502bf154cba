internal import CKernels
internal import Files

/// An embedding table [rows, columns] where it lies in the mapped file: float32, float16, bfloat16, or int8 with a scale a
/// row. Its rows are read as floats; the same bits on every machine.
public struct MappedTable: Sendable {
    /// The types that its elements may have.
    public static let types: [ElementType] = [.f32, .f16, .bf16, .i8]

    private let file: MappedFile
    private let offset: Int
    private let scales: MappedTensor<Float>?
    /// What its elements are.
    public let type: ElementType
    /// Rows.
    public let rows: Int
    /// Width of a row.
    public let columns: Int

    init(_ description: TensorDescription, scales: MappedTensor<Float>?, in file: MappedFile) {
        precondition(description.shape.count == 2 && description.bytes.upperBound <= file.count, "no table")
        precondition((description.type == .i8) == (scales != nil), "scales are of int8")
        self.file = file
        offset = description.bytes.lowerBound
        self.scales = scales
        type = description.type
        (rows, columns) = (description.shape[0], description.shape[1])
    }

    /// Reads the rows whose numbers are a part of a list into as many of `vectors`, from `row` and `column` on.
    /// Precondition: the numbers are rows of the table, and there is room for them.
    public func gather(
        _ numbers: [Int], _ part: Range<Int>, into vectors: inout Matrix, row: Int, column: Int
    ) {
        precondition(part.lowerBound >= 0 && part.upperBound <= numbers.count, "outside the list")
        for number in numbers[part] { precondition(number >= 0 && number < rows, "outside the table") }
        precondition(row >= 0 && row + part.count <= vectors.rows, "more rows than the matrix has")
        precondition(column >= 0 && column + columns <= vectors.columns, "outside the matrix")
        guard !part.isEmpty, columns > 0 else { return }
        let target = unsafe kernel_mutable_rows(
            values: vectors.base + row * vectors.stride + column, stride: vectors.stride)
        unsafe file.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var table = unsafe kernel_narrow_rows(
                type: type.kernel, columns: columns, values: start + offset,
                scales: scales.map { unsafe start + $0.offset })
            unsafe numbers.withUnsafeBufferPointer { numbers in
                unsafe numbers.withMemoryRebound(to: Int64.self) { numbers in
                    guard let first = numbers.baseAddress else { return }
                    unsafe kernel_gather(&table, part.count, first + part.lowerBound, target)
                }
            }
        }
    }

    /// Index of the first element that is an infinity or a NaN.
    var firstNonFinite: Int? {
        let count = rows * columns
        guard count > 0, type != .i8 else { return nil }
        let index = unsafe file.bytes.extracting(offset..<offset + count * type.size).withUnsafeBytes {
            bytes in
            guard let base = bytes.baseAddress else { return count }
            return type == .f32
                ? unsafe kernel_first_non_finite(base, count)
                : unsafe kernel_first_non_finite_half(type.kernel, base, count)
        }
        return index < count ? index : nil
    }
}

extension SafetensorsFile {
    /// What the scales of an int8 table are called.
    public static func scaleName(of table: String) -> String { table + ".scale" }

    /// A table, in place. Throws unless it is [rows, columns] of a type in ``MappedTable/types`` and every element is
    /// finite; one of int8 needs the tensor ``scaleName(of:)``, F32 [rows], whose elements are not negative and small enough
    /// for every value to be finite.
    public func table(_ name: String, rows: Int, columns: Int) throws(TensorError) -> MappedTable {
        guard let found = description(of: name) else { throw .missingTensor(path: path, tensor: name) }
        guard MappedTable.types.contains(found.type), found.shape == [rows, columns] else {
            let types = MappedTable.types.map(\.rawValue).joined(separator: ", ")
            throw .unexpectedTensor(
                path: path, tensor: name, offset: found.bytes.lowerBound, found: "\(found)",
                expected: "\(types) [\(rows), \(columns)]")
        }
        let table = MappedTable(
            found, scales: found.type == .i8 ? try scales(of: name, rows: rows) : nil, in: file)
        if let element = table.firstNonFinite {
            throw .nonFinite(
                path: path, tensor: name, element: element,
                offset: found.bytes.lowerBound + element * found.type.size)
        }
        return table
    }

    private func scales(of table: String, rows: Int) throws(TensorError) -> MappedTensor<Float> {
        let name = Self.scaleName(of: table)
        let scales = try weights(name, shape: [rows])
        let limit = Float.greatestFiniteMagnitude / 128
        if let index = scales.firstIndex(ofBadElement: { (0...limit).contains($0) }) {
            throw .malformedTensor(
                path: path, tensor: name, offset: scales.fileOffset(of: index),
                reason: "element \(index) is \(scales[index]); a scale is 0 to \(limit)")
        }
        return scales
    }
}

extension ElementType {
    /// As kernels call it. Precondition: one of ``MappedTable/types``.
    var kernel: kernel_element {
        switch self {
        case .f32: KERNEL_F32
        case .f16: KERNEL_F16
        case .bf16: KERNEL_BF16
        case .i8: KERNEL_I8
        case .u8, .i32, .i64, .u64: preconditionFailure("no table has such elements")
        }
    }
}

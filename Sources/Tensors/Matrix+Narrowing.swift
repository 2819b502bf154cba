internal import CKernels

/// Rows of floats in fewer bits, as a file of tensors holds them.
public struct NarrowedRows: Sendable {
    /// Their elements, little-endian, without gaps.
    public fileprivate(set) var bytes: [UInt8]
    /// One a row where they are int8; none otherwise.
    public fileprivate(set) var scales: [Float]
    /// The first row with a value beyond what the type can hold, if there is one.
    public fileprivate(set) var firstOverflow: Int?
}

extension Matrix {
    /// The first rows of the matrix as elements of another type, rounded to the nearest, ties to even. Of int8 the scale of
    /// a row is its largest magnitude / 127. Precondition: one of ``MappedTable/types``, finite values.
    public func narrowed(to type: ElementType, rows count: Int) -> NarrowedRows {
        precondition(count >= 0 && count <= rows, "more rows than the matrix has")
        var result = NarrowedRows(
            bytes: [UInt8](repeating: 0, count: count * columns * type.size),
            scales: [Float](repeating: 0, count: type == .i8 ? count : 0))
        guard columns > 0 else { return result }
        let kernel = type.kernel
        var overflow: Int?
        unsafe result.bytes.withUnsafeMutableBytes { bytes in
            unsafe result.scales.withUnsafeMutableBufferPointer { scales in
                for row in 0..<count {
                    let target = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: bytes[row * columns * type.size..<(row + 1) * columns * type.size])
                    guard let start = target.baseAddress else { return }
                    let scale = unsafe scales.baseAddress.map { unsafe $0 + (type == .i8 ? row : 0) }
                    let good = unsafe kernel_narrow(kernel, 1, columns, base + row * stride, start, scale)
                    if good < columns, overflow == nil { overflow = row }
                }
            }
        }
        result.firstOverflow = overflow
        return result
    }
}

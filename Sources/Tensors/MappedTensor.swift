internal import CKernels
internal import Files

/// A Swift type whose values are the elements of a tensor.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// Its name in the file.
    static var elementType: ElementType { get }
}

extension Float: TensorElement {
    /// Single precision.
    public static var elementType: ElementType { .f32 }
}
extension UInt8: TensorElement {
    /// Bytes.
    public static var elementType: ElementType { .u8 }
}
extension Int32: TensorElement {
    /// Rows of a table.
    public static var elementType: ElementType { .i32 }
}
extension UInt64: TensorElement {
    /// Identifiers.
    public static var elementType: ElementType { .u64 }
}

/// The elements of a tensor where they lie in the mapped file; keeps the file mapped.
public struct MappedTensor<Element: TensorElement>: Sendable {
    let file: MappedFile
    /// Where the elements begin, in bytes from the start of the file.
    let offset: Int
    /// The extents, outermost first.
    public let shape: [Int]
    /// Elements in all.
    public let count: Int

    init(_ description: TensorDescription, in file: MappedFile) {
        self.file = file
        offset = description.bytes.lowerBound
        shape = description.shape
        count = description.count
        precondition(description.type == Element.elementType, "tensor of another type")
        precondition(offset + count * MemoryLayout<Element>.size <= file.count, "tensor beyond its file")
    }

    /// One element, in C order.
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "outside the tensor")
        return file.loadElement(Element.self, at: offset + index * MemoryLayout<Element>.size)
    }

    /// A copy of all elements.
    public func elements() -> [Element] {
        unsafe file.bytes.extracting(offset..<offset + count * MemoryLayout<Element>.size).withUnsafeBytes {
            source in
            unsafe [Element](unsafeUninitializedCapacity: count) { target, initialized in
                unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
                initialized = count
            }
        }
    }
}

extension MappedTensor<Float> {
    /// Index of the first infinity or NaN.
    var firstNonFinite: Int? {
        guard count > 0 else { return nil }
        let index = unsafe file.bytes.extracting(offset..<offset + count * MemoryLayout<Float>.size)
            .withUnsafeBytes { unsafe kernel_first_non_finite($0.baseAddress!, count) }
        return index < count ? index : nil
    }

    /// Copies row `index` of a tensor [rows, columns] into a row of `matrix`, from `column` on.
    public func copyRow(_ index: Int, into matrix: inout Matrix, row: Int, column: Int) {
        precondition(shape.count == 2 && index >= 0 && index < shape[0], "outside the tensor")
        let width = shape[1]
        precondition(row >= 0 && row < matrix.rows, "outside the matrix")
        precondition(column >= 0 && column + width <= matrix.columns, "outside the matrix")
        let start = offset + index * width * MemoryLayout<Float>.size
        let target = unsafe UnsafeMutableRawPointer(matrix.base + row * matrix.stride + column)
        unsafe file.bytes.extracting(start..<start + width * MemoryLayout<Float>.size).withUnsafeBytes {
            source in
            unsafe UnsafeMutableRawBufferPointer(start: target, count: source.count).copyMemory(from: source)
        }
    }
}

extension MappedFile {
    /// A little-endian value at any byte of the file; traps beyond its end.
    func loadElement<Element: TensorElement>(_ type: Element.Type, at offset: Int) -> Element {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}

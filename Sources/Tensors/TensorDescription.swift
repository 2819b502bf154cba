/// The element types that a tensor may have here, by their safetensors names.
public enum ElementType: String, Sendable, CaseIterable {
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i8 = "I8"
    case u8 = "U8"
    case i32 = "I32"
    case i64 = "I64"
    case u64 = "U64"

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .i8, .u8: 1
        case .f16, .bf16: 2
        case .f32, .i32: 4
        case .i64, .u64: 8
        }
    }
}

/// One tensor of a file: what it is and where its bytes are.
public struct TensorDescription: Sendable, Equatable, CustomStringConvertible {
    /// The name, unique in its file.
    public let name: String
    /// The type of each element.
    public let type: ElementType
    /// The extents, outermost first; empty for a single number.
    public let shape: [Int]
    /// The place of the elements in the file, in C order and little-endian.
    public let bytes: Range<Int>

    /// Elements in all.
    public var count: Int { bytes.count / type.size }

    public var description: String { "\(type.rawValue) \(shape)" }
}

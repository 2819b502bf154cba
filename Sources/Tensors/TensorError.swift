/// What is wrong with a file of tensors, or with this machine.
public enum TensorError: Error, Equatable, CustomStringConvertible {
    /// The file ends before its header does: a safetensors file starts with 8 bytes of header length, then the header.
    case truncatedHeader(path: String, bytes: Int)
    /// The header is longer than ``SafetensorsFile/headerLimitBytes``.
    case headerTooLong(path: String, bytes: UInt64)
    /// The header is not the JSON object it has to be; `offset` counts from the start of the file.
    case malformedHeader(path: String, offset: Int, reason: String)
    /// One entry of the header breaks a rule of the format.
    case malformedTensor(path: String, tensor: String, reason: String)
    /// A tensor does not start where the one before it ends: a hole or an overlap in the data.
    case misplacedTensor(path: String, tensor: String, offset: UInt64, expected: UInt64)
    /// The file's size is not exactly header and tensors.
    case wrongFileSize(path: String, bytes: Int, expected: UInt64)
    /// The file has no tensor of this name.
    case missingTensor(path: String, tensor: String)
    /// The tensor has another element type or shape than asked for.
    case unexpectedTensor(path: String, tensor: String, found: String, expected: String)
    /// A weight is an infinity or a NaN; `offset` is its place in the file.
    case nonFinite(path: String, tensor: String, element: Int, offset: Int)
    /// This machine, or this build, cannot run these kernels.
    case unsupportedInstructionSet(InstructionSet)

    public var description: String {
        switch self {
        case .truncatedHeader(let path, let bytes):
            "\(path): \(bytes) bytes end before the safetensors header does; copy the file again"
        case .headerTooLong(let path, let bytes):
            "\(path): a header of \(bytes) bytes, at most \(SafetensorsFile.headerLimitBytes) are read"
        case .malformedHeader(let path, let offset, let reason):
            "\(path): malformed header at byte \(offset): \(reason)"
        case .malformedTensor(let path, let tensor, let reason):
            "\(path): tensor \"\(tensor)\": \(reason)"
        case .misplacedTensor(let path, let tensor, let offset, let expected):
            "\(path): tensor \"\(tensor)\" starts at data offset \(offset), the one before it ends at \(expected)"
        case .wrongFileSize(let path, let bytes, let expected):
            "\(path): \(bytes) bytes, but the header describes \(expected); copy the file again"
        case .missingTensor(let path, let tensor):
            "\(path): no tensor \"\(tensor)\""
        case .unexpectedTensor(let path, let tensor, let found, let expected):
            "\(path): tensor \"\(tensor)\" is \(found), expected \(expected)"
        case .nonFinite(let path, let tensor, let element, let offset):
            "\(path): tensor \"\(tensor)\": element \(element) (byte \(offset)) is not finite"
        case .unsupportedInstructionSet(let set):
            "this machine cannot run the \(set.rawValue) kernels; choose automatic"
        }
    }
}

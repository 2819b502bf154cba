public import Files

/// What is wrong with a file of tensors, or with this machine.
public enum TensorError: Error, Equatable, CustomStringConvertible {
    /// The file ends before its header does: a safetensors file starts with 8 bytes of header length, then the header.
    case truncatedHeader(path: String, bytes: Int)
    /// The header is longer than ``SafetensorsFile/headerLimitBytes``.
    case headerTooLong(path: String, bytes: UInt64)
    /// The header is not the JSON object it has to be; `offset` counts from the start of the file.
    /// `tensor` is the entry it is in, if it is in one.
    case malformedHeader(path: String, tensor: String?, offset: Int, reason: String)
    /// One entry of the header, or one element, breaks a rule of the format; `offset` is its place in the file.
    case malformedTensor(path: String, tensor: String, offset: Int, reason: String)
    /// A tensor does not start where the one before it ends: a hole or an overlap in the data.
    case misplacedTensor(path: String, tensor: String, offset: UInt64, expected: UInt64)
    /// The file's size is not exactly header and tensors; `tensor` is the last one, if there is any.
    case wrongFileSize(path: String, tensor: String?, bytes: Int, expected: UInt64)
    /// The file has no tensor of this name.
    case missingTensor(path: String, tensor: String)
    /// The tensor, whose bytes begin at `offset` in the file, has another element type or shape than asked for.
    case unexpectedTensor(path: String, tensor: String, offset: Int, found: String, expected: String)
    /// A weight is an infinity or a NaN; `offset` is its place in the file.
    case nonFinite(path: String, tensor: String, element: Int, offset: Int)
    /// A tensor was declared with more elements than were written.
    case unwrittenElements(path: String, tensor: String, missing: Int)
    /// The file could not be written.
    case file(FileError)
    /// This machine, or this build, cannot run these kernels.
    case unsupportedInstructionSet(InstructionSet)

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .truncatedHeader(let path, let bytes):
            "\(path): it ends at byte \(bytes), before the safetensors header does; copy the file again"
        case .headerTooLong(let path, let bytes):
            "\(path): byte 0: a header of \(bytes) bytes, at most \(SafetensorsFile.headerLimitBytes) are read"
        case .malformedHeader(let path, let tensor, let offset, let reason):
            "\(path): malformed header at byte \(offset)\(Self.within(tensor)): \(reason)"
        case .malformedTensor(let path, let tensor, let offset, let reason):
            "\(path): tensor \"\(tensor)\" (byte \(offset)): \(reason)"
        case .misplacedTensor(let path, let tensor, let offset, let expected):
            "\(path): tensor \"\(tensor)\" starts at data offset \(offset), the one before it ends at \(expected)"
        case .wrongFileSize(let path, let tensor, let bytes, let expected):
            "\(path): it ends at byte \(bytes), but the header describes \(expected)\(Self.within(tensor)); "
                + "copy the file again"
        case .missingTensor(let path, let tensor):
            "\(path): no tensor \"\(tensor)\""
        case .unexpectedTensor(let path, let tensor, let offset, let found, let expected):
            "\(path): tensor \"\(tensor)\" (byte \(offset)) is \(found), expected \(expected)"
        case .nonFinite(let path, let tensor, let element, let offset):
            "\(path): tensor \"\(tensor)\": element \(element) (byte \(offset)) is not finite"
        case .unwrittenElements(let path, let tensor, let missing):
            "\(path): tensor \"\(tensor)\" lacks its last \(missing) elements; the file was not finished"
        case .file(let error):
            error.description
        case .unsupportedInstructionSet(let set):
            "this machine cannot run the \(set.rawValue) kernels; choose automatic"
        }
    }

    private static func within(_ tensor: String?) -> String { tensor.map { ", tensor \"\($0)\"" } ?? "" }
}

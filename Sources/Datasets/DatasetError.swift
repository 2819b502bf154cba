public import Files
public import Tensors

/// What is wrong with a data set, or with what one is made from.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
    /// A file could not be read or written.
    case file(FileError)
    /// A file of tensors breaks its format.
    case tensors(TensorError)
    /// A field of dataset.json is missing, unknown or impossible.
    case invalidDescription(path: String, field: String, reason: String)
    /// An element of a tensor breaks a rule; `offset` is its place in the file, in bytes.
    case invalidTensor(path: String, tensor: String, offset: Int, reason: String)
    /// The output stands there already.
    case outputExists(path: String)
    /// The inputs do not make a data set: what is missing, or which two exclude each other.
    case unusableInput(reason: String)
    /// A malformed line, where none is allowed.
    case malformedLine(path: String, line: Int, reason: String)
    /// The run was asked to stop.
    case interrupted

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .tensors(let error): error.description
        case .invalidDescription(let path, let field, let reason):
            "\(path): \(field.isEmpty ? "the document" : "\"\(field)\""): \(reason)"
        case .invalidTensor(let path, let tensor, let offset, let reason):
            "\(path): tensor \"\(tensor)\" (byte \(offset)): \(reason); prepare the data set again"
        case .outputExists(let path):
            "\(path): is there already; choose another folder, or say --force to replace it"
        case .unusableInput(let reason):
            reason
        case .malformedLine(let path, let line, let reason):
            "\(path), line \(line): \(reason); mend it, or leave --strict away to skip such lines"
        case .interrupted:
            "interrupted; nothing was written"
        }
    }
}

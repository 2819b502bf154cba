import Files
import Tensors

/// A safetensors file in memory: a header as given and `data` bytes after it.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
}

/// Parses bytes as a file of the path "weights".
func parse(_ bytes: [UInt8]) throws -> SafetensorsFile {
    try SafetensorsFile(MappedFile(copying: bytes, path: "weights"))
}

/// The error that parsing these bytes ends in; nil when they are accepted.
func refusal(of bytes: [UInt8]) -> TensorError? {
    do {
        _ = try parse(bytes)
        return nil
    } catch {
        return error as? TensorError
    }
}

import Messages

/// The bytes that a string of hexadecimal digits spells.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.map { UInt8($0 > 0x60 ? $0 - 0x61 + 10 : $0 - 0x30) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension ProtobufMessage {
    /// Decodes an array.
    static func decoded(_ bytes: [UInt8]) throws(MessageError) -> Self {
        try Self(serialized: bytes)
    }
}

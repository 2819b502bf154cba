/// The encoding of `grpc-message`: UTF-8 with `%XX` for each byte outside 0x20-0x24 and 0x26-0x7E.
public enum PercentEncoding {
    /// Encodes a message for the wire. With `maximumLength` the result is cut to that many bytes, between
    /// characters, since clients refuse trailers beyond their header limit.
    public static func encode(_ message: String, maximumLength: Int = .max) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(message.utf8.count, maximumLength))
        for scalar in message.unicodeScalars {
            let start = bytes.count
            for byte in String(scalar).utf8 { append(byte, to: &bytes) }
            if bytes.count > maximumLength {
                bytes.removeSubrange(start...)
                break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes what the wire carried. A `%` that no two hexadecimal digits follow stands for itself, and bytes
    /// that are no UTF-8 become U+FFFD: a broken message must not hide the status beside it.
    public static func decode(_ wireValue: String) -> String {
        let bytes = Array(wireValue.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == percent, index + 2 < bytes.count,
                let high = hexadecimal(bytes[index + 1]), let low = hexadecimal(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static let percent = UInt8(ascii: "%")
    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        if (0x20...0x7E).contains(byte), byte != percent {
            bytes.append(byte)
        } else {
            bytes.append(percent)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// Names for requests whose callers gave none.
enum RequestID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// 128 random bits as 32 hexadecimal digits.
    static func random() -> String {
        let words = [UInt64.random(in: .min ... .max), .random(in: .min ... .max)]
        return String(
            decoding: (0..<32).map { place in
                digits[Int(words[place / 16] >> (60 - 4 * UInt64(place % 16)) & 0xF)]
            }, as: UTF8.self)
    }
}

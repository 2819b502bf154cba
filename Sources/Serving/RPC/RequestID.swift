/// Names for requests whose callers gave none.
enum RequestID {
    /// 128 random bits as 32 hexadecimal digits.
    static func random() -> String {
        [UInt64.random(in: .min ... .max), .random(in: .min ... .max)].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

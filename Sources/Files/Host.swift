internal import Glibc

/// Who and where this process is, as records of commits name it.
public enum Host {
    /// This process.
    public static var processID: Int32 { getpid() }

    /// The machine's name, `localhost` when it has none.
    public static var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = text(buffer)
        return name.isEmpty ? "localhost" : name
    }

    /// The effective user's login name, `uid<number>` when the system does not know one.
    public static var userName: String {
        let user = geteuid()
        var entry = unsafe passwd()
        var buffer = [CChar](repeating: 0, count: 16_384)
        // The name is copied while the buffer, which the entry points into, is pinned.
        let name: String? = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return nil }
            var found: UnsafeMutablePointer<passwd>?
            let status = unsafe getpwuid_r(user, &entry, start, buffer.count, &found)
            guard status == 0, unsafe found != nil, let name = unsafe entry.pw_name else { return nil }
            return unsafe String(cString: name)
        }
        return name ?? "uid\(user)"
    }

    /// Whether standard output is a terminal, so that progress may be drawn on it.
    public static var isStandardOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

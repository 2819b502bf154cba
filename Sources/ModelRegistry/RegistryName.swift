/// The grammar of model, alias and file names: `[a-z0-9][a-z0-9._-]{0,63}`. It admits no separator, no leading dot
/// and no case to fold, so that no name can be mistaken for a path.
public enum RegistryName {
    /// Whether the name may stand in a registry.
    public static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 64, isLetterOrDigit(first) else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || marks.contains($0) }
    }

    /// Whether the name may be a tag: one that no number is written as.
    static func isTag(_ name: String) -> Bool { isValid(name) && UInt64(name) == nil }

    /// Throws `.invalidName` for a name outside the grammar; `role` says what it should have named.
    static func check(_ name: String, role: String) throws(RegistryError) {
        if !isValid(name) { throw .invalidName(name, role: role) }
    }

    private static let marks = Array("._-".utf8)

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

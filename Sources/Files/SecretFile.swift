internal import Glibc

/// A file that holds a secret, such as a key.
public enum SecretFile {
    /// Its bytes, at most `limit`. Refuses a file that others than its owner and group may read, or others than its owner change:
    /// who can read a key can sign with it.
    public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let (descriptor, size) = try LocalFileSystem.openRegular(path)
        let file = LocalFile(path: path, descriptor: descriptor, size: size)
        var found = stat()
        try once(.stat, path) { unsafe fstat(descriptor, &found) }
        let mode = found.st_mode & 0o777
        guard mode & 0o027 == 0 else { throw .exposedSecret(path: path, mode: mode) }
        guard size <= UInt64(limit) else { throw .tooLarge(path: path, bytes: size, limit: limit) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        var chunk = bytes
        while count < limit {
            let read = try file.read(into: &chunk)
            if read == 0 { break }
            let room = min(read, limit - count)
            bytes.replaceSubrange(count..<count + room, with: chunk[..<room])
            count += room
        }
        try file.close()
        return Array(bytes[..<count])
    }
}

public import Files

/// The files of a request log. Their names begin with the time at which they were begun, so that their order is that of the
/// names, and end so that several writers of one folder meet no name twice.
public enum RequestLogFolder {
    static let suffix = ".dienlog"

    /// The files of the folder at `path`, the oldest first, or the file that stands there itself.
    ///
    /// - Throws: `FileError` where nothing stands there, or it cannot be listed.
    public static func files(_ path: String, of files: any FileSystem = LocalFileSystem()) throws(FileError)
        -> [String]
    {
        guard let status = try files.status(path) else { throw .notFound(.open, path: path) }
        guard status.kind != .regular else { return [path] }
        return try names(path, files).map { "\(path)/\($0)" }
    }

    /// Names of a log's files, in their order; other files in the folder are nobody's business.
    static func names(_ folder: String, _ files: any FileSystem) throws(FileError) -> [String] {
        try files.list(folder).filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.sorted()
    }

    /// `0001763999999123-5f1e6c02a7b3d948.dienlog`.
    static func name(unixMilliseconds: UInt64, number: UInt64) -> String {
        padded(String(unixMilliseconds)) + "-" + padded(String(number, radix: 16)) + suffix
    }

    private static func padded(_ digits: String) -> String {
        String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }
}

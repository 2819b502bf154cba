internal import Files

/// What a file of the input is for.
enum InputRole: Int, Comparable {
    case interactions
    case items
    case split
    /// Reviews and metadata in any mixture, told apart line by line.
    case amazon
    case referenceTrain
    case referenceTest

    static func < (one: InputRole, other: InputRole) -> Bool { one.rawValue < other.rawValue }
}

/// A file of the input whose format and role are known.
struct Input {
    let path: String
    let format: InputFormat
    let role: InputRole
    let size: UInt64

    /// Looks at the names and the first lines of `paths`; of a folder, at the files that have the usual names.
    static func inspect(
        _ paths: [String], _ options: PreparationOptions
    ) throws(DatasetError) -> [Input] {
        var result: [Input] = []
        for path in paths {
            let isFolder: Bool
            do { isFolder = try LocalFileSystem().status(path)?.kind == .directory } catch {
                throw .file(error)
            }
            let files = isFolder ? try usualFiles(in: path) : [path]
            for file in files { result.append(try Input(file, options)) }
        }
        // Interactions come first, so that numbers follow them; the order of files of one role is kept.
        return result.enumerated().sorted { ($0.element.role, $0.offset) < ($1.element.role, $1.offset) }.map(
            \.element)
    }

    private static func usualFiles(in folder: String) throws(DatasetError) -> [String] {
        let names: [String]
        do { names = try LocalFileSystem().list(folder).sorted() } catch { throw .file(error) }
        let stems = [
            "interactions.", "items.", "split.", "reviews_", "meta_", "local_train_split", "local_test_split",
        ]
        let found = names.filter { name in
            stems.contains { name.hasPrefix($0) } && !name.hasSuffix(".partial")
        }
        guard !found.isEmpty else {
            throw .unusableInput(
                reason:
                    "\(folder): no file that begins with \(stems.joined(separator: ", ")); name the files instead"
            )
        }
        return found.map { "\(folder)/\($0)" }
    }

    private init(_ path: String, _ options: PreparationOptions) throws(DatasetError) {
        self.path = path
        let reader = try LineReader(path)
        size = reader.file.size
        var line: [UInt8] = []
        while line.isEmpty, try reader.next() { line = reader.line }
        guard !line.isEmpty else { throw .unusableInput(reason: "\(path): holds no lines") }
        format = options.format ?? Self.format(of: line)
        switch format {
        case .amazon: role = .amazon
        case .reference:
            let name = path.split(separator: "/").last ?? ""
            role = name.contains("test") ? .referenceTest : .referenceTrain
        case .tsv, .csv:
            role = try Self.tableRole(of: line, format, path, hasColumns: options.columns != nil)
        }
    }

    private static func format(of line: [UInt8]) -> InputFormat {
        if line.first(where: { $0 != 0x20 }) == UInt8(ascii: "{") { return .amazon }
        let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        if fields.count == 6, fields[0] == [0x30] || fields[0] == [0x31] { return .reference }
        return fields.count > 1 ? .tsv : .csv
    }

    private static func tableRole(
        of line: [UInt8], _ format: InputFormat, _ path: String, hasColumns: Bool
    ) throws(DatasetError) -> InputRole {
        var splitter = format == .tsv ? RecordSplitter.tabs : .commas
        _ = splitter.take(line)
        let header = TableHeader(splitter)
        if header[.user] != nil, header[.bucket] != nil { return .split }
        if header[.user] != nil, header[.item] != nil { return .interactions }
        if header[.item] != nil, header[.category] != nil { return .items }
        if hasColumns { return .interactions }
        throw .unusableInput(
            reason: "\(path): the first line names no columns user and item (found: "
                + "\(header.names.joined(separator: ", ").prefix(200))); name them by --columns")
    }
}

/// The columns of a table, by what they are for.
struct TableHeader {
    /// The columns that are of use.
    enum Column: CaseIterable {
        case user, item, category, time, bucket, positive, popular, uniform

        /// The names it goes by, in lower case without "_".
        var names: [String] {
            switch self {
            case .user: ["user", "userid", "uid", "reviewerid"]
            case .item: ["item", "itemid", "iid", "movieid", "asin", "parentasin"]
            case .category: ["category", "categoryid", "cat", "cid", "genres"]
            case .time: ["timestamp", "time", "unixreviewtime"]
            case .bucket: ["bucket"]
            case .positive: ["positive"]
            case .popular: ["negativepop"]
            case .uniform: ["negativeuniform"]
            }
        }
    }

    /// The names as they stand there.
    let names: [String]
    private var places: [Column: Int] = [:]

    /// From the fields of the first line.
    init(_ record: RecordSplitter) {
        self.init(names: record.fields.map { String(decoding: record.bytes[$0], as: UTF8.self) })
    }

    init(names: [String]) {
        self.names = names
        for (place, name) in names.enumerated() {
            let plain = name.lowercased().filter { $0 != "_" && $0 != " " }
            for column in Column.allCases where places[column] == nil && column.names.contains(plain) {
                places[column] = place
            }
        }
    }

    /// The place of a column.
    subscript(column: Column) -> Int? { places[column] }
}

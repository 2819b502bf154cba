public import DIEN
internal import Files
public import Tensors

/// A model folder once more, its embedding tables or its network in fewer bits. Vocabulary and golden requests stay what
/// they are, so that the change of a score can be told.
public struct CompressedModel<Source: ModelFiles> {
    /// What is compressed.
    public let source: Source
    /// What tables are kept in; nil: as they are.
    public let tables: ElementType?
    /// What the network is computed in; nil: as it is configured.
    public let precision: Precision?
    /// The largest change of a golden probability that the folder shall say is accepted; nil: what the source says.
    public let tolerance: Float?

    /// Precondition: tables are of one of ``MappedTable/types``.
    public init(_ source: Source, tables: ElementType?, precision: Precision?, tolerance: Float? = nil) {
        precondition(tables.map(MappedTable.types.contains) ?? true, "no table has such elements")
        self.source = source
        self.tables = tables
        self.precision = precision
        self.tolerance = tolerance
    }

    /// Writes the folder so that it is there whole or not at all, and durably, after it was loaded as serving loads it and
    /// its golden requests were scored. Rows go through it a few at a time, whatever the size of a table.
    ///
    /// - Parameters:
    ///   - replacing: whether a model folder that stands at `path` is replaced; otherwise it is refused.
    ///   - report: told how many bytes of the source's tensors are done.
    ///   - isStopping: asked now and then; true ends it.
    /// - Returns: what came of it; nil when it was stopped.
    public func write(
        to path: String, replacing: Bool = false,
        report: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in },
        isStopping: () -> Bool = { false }
    ) throws(TrainingError) -> CompressionResult? {
        let configuration: ModelConfiguration
        do { configuration = try ModelConfiguration(of: source) } catch { throw .invalidModel(error) }
        let folder = try TrainedModel.folder(at: path, replacing: replacing)
        try copy(to: folder)
        let names = ["model.safetensors"] + configuration.tableFiles
        var files: [CompressedTensors] = []
        for name in names {
            files.append(
                try CompressedTensors(map(name), named: name, configuration, tables: tables))
        }
        let total = files.reduce(0) { $0 + $1.byteCount }
        var done: UInt64 = 0
        for file in files {
            let isWritten = try file.write(to: folder) { bytes in
                done += bytes
                report(done, total)
                return isStopping()
            }
            guard isWritten else { return nil }
        }
        let checked = try check(folder)
        do { try folder.commit() } catch { throw .file(error) }
        return CompressionResult(
            tables: files.flatMap(\.tables), files: try sizes(names, in: folder.path), golden: checked.1,
            precision: checked.0.precision)
    }

    private func check(_ folder: StagedFolder) throws(TrainingError) -> (Model, GoldenReport) {
        do {
            let model = try Model(files: ModelFolder(path: folder.staging))
            return (model, try model.verifyGolden())
        } catch { throw .invalidModel(error) }
    }

    /// Everything but tensors that change.
    private func copy(to folder: StagedFolder) throws(TrainingError) {
        let (vocabulary, golden) = (try map("vocabulary.safetensors"), try map("golden.jsonl"))
        let document = try configurationDocument()
        do {
            try folder.write("config.json", Array((document.serialised + "\n").utf8))
            try folder.copy(vocabulary, to: "vocabulary.safetensors")
            try folder.copy(golden, to: "golden.jsonl")
        } catch { throw .file(error) }
    }

    private func map(_ name: String) throws(TrainingError) -> MappedFile {
        do { return try source.map(name) } catch {
            throw .invalidModel(.unreadableFile(name: name, reason: "\(error)"))
        }
    }

    /// The source's config.json, with what was asked for.
    private func configurationDocument() throws(TrainingError) -> JSONValue {
        let file = try map("config.json")
        let document: JSONValue
        do { document = try JSONValue(parsing: file.copy(0..<file.count)) } catch {
            throw .invalidModel(.malformedFile(name: "config.json", reason: error.description))
        }
        var members = document.members ?? []
        func set(_ key: String, _ value: JSONValue) {
            let place = members.firstIndex { $0.key == key } ?? members.firstIndex { $0.key == "metadata" }
            if let place, members[place].key == key { members.remove(at: place) }
            members.insert(JSONValue.Member(key: key, value: value), at: place ?? members.endIndex)
        }
        if let precision { set("precision", .string(precision.rawValue)) }
        if let tolerance { set("precision_tolerance", .number("\(tolerance)")) }
        return .object(members)
    }

    private func sizes(
        _ names: [String], in path: String
    ) throws(TrainingError) -> [CompressionResult.Size] {
        var sizes: [CompressionResult.Size] = []
        for name in names {
            let before = try map(name).count
            do {
                let after = try MappedFile(path: "\(path)/\(name)").count
                sizes.append(.init(name: name, bytesBefore: UInt64(before), bytesAfter: UInt64(after)))
            } catch { throw .file(error) }
        }
        return sizes
    }
}

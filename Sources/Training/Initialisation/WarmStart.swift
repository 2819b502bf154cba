internal import DIEN
internal import Files
internal import Tensors

/// The parameters of an earlier model, for a vocabulary that has grown: the rows of tables are matched by identifier, and
/// what the earlier model has not got begins as it would in a fresh network. Rows that are kept in fewer bits are widened.
struct WarmStart: ParameterSource {
    private let fresh: InitialValues
    private let file: SafetensorsFile
    /// The file of each of the earlier model's tables.
    private var tables: [String: (file: SafetensorsFile, table: ModelConfiguration.Table)] = [:]
    /// For each table: the earlier row of each new one, -1 where there is none.
    private var earlierRows: [String: [Int32]] = [:]

    init(
        _ files: some ModelFiles, vocabularyPath: String, _ fresh: InitialValues
    ) throws(TrainingError) {
        let earlier: ModelConfiguration
        do { earlier = try ModelConfiguration(of: files) } catch { throw .invalidModel(error) }
        self.fresh = fresh
        file = try Self.tensors("model.safetensors", of: files)
        let oldVocabulary = try Self.tensors("vocabulary.safetensors", of: files)
        let newVocabulary = try SafetensorsFile(vocabularyAt: vocabularyPath)
        for table in fresh.configuration.tables {
            guard let old = earlier.tables.first(where: { $0.name == table.name && $0.ids == table.ids })
            else { continue }
            tables[table.name] = (
                try old.file.map { name throws(TrainingError) in
                    try Self.tensors(name, of: files)
                } ?? file, old
            )
            earlierRows[table.name] = Self.match(
                try TableIdentities(newVocabulary, table), rows: table.rows,
                with: try TableIdentities(oldVocabulary, old))
        }
    }

    /// Row 0 is that of the unknown in both.
    private static func match(
        _ new: TableIdentities, rows: Int, with old: TableIdentities
    ) -> [Int32] {
        let known = Dictionary(zip(old.identities, old.rows), uniquingKeysWith: { first, _ in first })
        var result = [Int32](repeating: -1, count: rows)
        for (identity, row) in zip(new.identities, new.rows) where result[Int(row)] < 0 {
            // One that the earlier model did not know had its row 0; it begins anew.
            if let earlier = known[identity], earlier > 0 { result[Int(row)] = earlier }
        }
        result[0] = 0
        return result
    }

    func values(_ name: String, shape: [Int]) throws(TrainingError) -> [Float] {
        if name.hasPrefix("auxiliary."), file.description(of: name) == nil {
            return try fresh.values(name, shape: shape)
        }
        do { return try file.weights(name, shape: shape).elements() } catch { throw .invalidTensors(error) }
    }

    func table(_ name: String, rows: Int, size: Int) throws(TrainingError) -> Matrix {
        guard let (file, table) = tables[name], let earlier = earlierRows[name] else {
            return try fresh.table(name, rows: rows, size: size)
        }
        let values: MappedTable
        do { values = try file.table("embedding.\(name)", rows: table.rows, columns: size) } catch {
            throw .invalidTensors(error)
        }
        var matrix = Matrix(rows: rows, columns: size)
        values.gather(earlier.map { max(Int($0), 0) }, 0..<rows, into: &matrix, row: 0, column: 0)
        for (row, old) in earlier.enumerated() where old < 0 { fresh.fill(&matrix, row: row, table: name) }
        return matrix
    }

    func hasMoments(_ name: String) -> Bool { file.description(of: "\(name).moving_mean") != nil }

    private static func tensors(
        _ name: String, of files: some ModelFiles
    ) throws(TrainingError) -> SafetensorsFile {
        let mapped: MappedFile
        do { mapped = try files.map(name) } catch {
            throw .invalidModel(.unreadableFile(name: name, reason: "\(error)"))
        }
        do { return try SafetensorsFile(mapped, named: name) } catch { throw .invalidTensors(error) }
    }
}

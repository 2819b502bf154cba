public import DIEN
internal import Files
internal import Tensors

/// Requests with identifiers, from requests with rows: golden requests made of a data set's samples.
public struct RequestIdentities {
    private let configuration: ModelConfiguration
    private let tables: [String: [Int: TableIdentities.Identity]]
    private let kinds: [String: IDKind]

    /// Reads the vocabulary of a configuration.
    public init(vocabularyPath: String, _ configuration: ModelConfiguration) throws(TrainingError) {
        let file = try SafetensorsFile(vocabularyAt: vocabularyPath)
        var tables: [String: [Int: TableIdentities.Identity]] = [:]
        for table in configuration.tables {
            tables[table.name] = try TableIdentities(file, table).identityOfRow
        }
        self.configuration = configuration
        self.tables = tables
        kinds = Dictionary(uniqueKeysWithValues: configuration.tables.map { ($0.name, $0.ids) })
    }

    /// The request of these rows. Features that have a lookup are left out, as callers do; a row without identifier gets
    /// one that is unknown.
    public func request(_ rows: RankingRows) -> RankingInput {
        RankingInput(
            profile: columns(configuration.profile, rows.profile.map { [$0] }),
            history: columns(configuration.history, rows.history),
            candidates: columns(configuration.candidates, rows.candidates),
            context: columns(configuration.context, rows.context.map { [$0] }))
    }

    private func columns(_ features: [ModelConfiguration.Feature], _ rows: [[Int]]) -> [FeatureColumn] {
        zip(features, rows).filter { $0.0.lookup == nil }.map { feature, rows in
            FeatureColumn(name: feature.name, values: values(rows, of: feature.table))
        }
    }

    private func values(_ rows: [Int], of table: String) -> FeatureColumn.Values {
        let known = tables[table, default: [:]]
        switch kinds[table] {
        case .string:
            return .strings(rows.map { if case .text(let text)? = known[$0] { text } else { "" } })
        case .uint64, nil:
            return .ids(rows.map { if case .number(let number)? = known[$0] { number } else { .max } })
        }
    }
}

extension SafetensorsFile {
    /// A vocabulary.safetensors on its own.
    init(vocabularyAt path: String) throws(TrainingError) {
        let mapped: MappedFile
        do { mapped = try MappedFile(path: path) } catch { throw .file(error) }
        do { self = try SafetensorsFile(mapped) } catch { throw .invalidTensors(error) }
    }
}

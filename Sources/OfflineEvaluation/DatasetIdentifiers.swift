public import DIEN
public import Datasets
internal import Files
public import Tensors

/// The identifiers of one table of a data set, and the row of each.
public struct DatasetIdentifiers {
    /// The identifiers.
    public let values: FeatureColumn.Values
    /// Their rows, in the same order.
    public let rows: [Int32]

    /// Those of one table in the vocabulary file of a data set.
    public init(_ file: SafetensorsFile, _ table: DatasetDescription.Table) throws {
        let found = try TableIdentifiers(file, table)
        rows = found.rows
        switch found.values {
        case .integers(let ids): values = .ids(ids)
        case .strings(let strings): values = .strings(strings)
        }
    }

    /// Those of the first feature of a data set's candidates: what people know a behaviour and a target by.
    public init(ofTargetsIn dataset: Dataset) throws {
        guard let feature = dataset.description.candidates.first,
            let table = dataset.description.tables.first(where: { $0.name == feature.table })
        else { throw OfflineEvaluationError.noCandidateFeature }
        try self.init(SafetensorsFile(MappedFile(path: dataset.vocabularyPath)), table)
    }

    /// The identifier of each row that has one, as text; of several the first.
    public var names: [Int: String] {
        var names: [Int: String] = [:]
        for (index, row) in rows.enumerated() where row > 0 && names[Int(row)] == nil {
            names[Int(row)] = values.text(index)
        }
        return names
    }
}

extension FeatureColumn.Values {
    /// An identifier as people write it.
    public func text(_ index: Int) -> String {
        switch self {
        case .ids(let ids): String(ids[index])
        case .strings(let strings): strings[index]
        }
    }
}

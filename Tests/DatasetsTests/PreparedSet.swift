import Files
import Foundation
import Tensors

@testable import Datasets

/// A folder of the fixtures.
func fixture(_ name: String) throws -> String {
    guard let url = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else {
        throw CocoaError(.fileNoSuchFile)
    }
    return url.appending(path: name).path
}

/// A data set that a test prepared, and its identifiers, read independently of the code that wrote them.
struct PreparedSet {
    let dataset: Dataset
    let summary: PreparationSummary

    init(
        _ inputs: [String], in folder: TemporaryFolder,
        _ change: (inout PreparationOptions) -> Void = { _ in }
    ) throws {
        var options = PreparationOptions()
        options.validation = 0
        change(&options)
        let path = folder.path + "/set-\(UUID())"
        summary = try Preparation.run(inputs: inputs, output: path, options: options)
        dataset = try Dataset(path: path)
    }

    /// The bytes of all files.
    func bytes() throws -> [Data] {
        try ["dataset.json", "samples.safetensors", "vocabulary.safetensors"].map {
            try Data(contentsOf: URL(fileURLWithPath: "\(dataset.path)/\($0)"))
        }
    }

    /// Identifiers of a table with their rows, as texts.
    func rows(_ table: String) throws -> [(id: String, row: Int32)] {
        let file = try SafetensorsFile(MappedFile(path: dataset.vocabularyPath))
        let rows = try file.tensor("\(table).rows", of: Int32.self, shape: [nil]).elements()
        if let ids = try? file.tensor("\(table).ids", of: UInt64.self, shape: [nil]).elements() {
            return zip(ids, rows).map { ("\($0)", $1) }
        }
        let offsets = try file.tensor("\(table).offsets", of: UInt64.self, shape: [nil]).elements()
        let bytes = try file.tensor("\(table).bytes", of: UInt8.self, shape: [nil]).elements()
        return zip(rows.indices, rows).map { index, row in
            (String(decoding: bytes[Int(offsets[index])..<Int(offsets[index + 1])], as: UTF8.self), row)
        }
    }

    /// The identifier of each row of a table but 0.
    func names(_ table: String) throws -> [Int32: String] {
        var result: [Int32: String] = [:]
        for (id, row) in try rows(table) where row > 0 { result[row] = id }
        return result
    }

    /// All samples of a split as texts "user target label: history", sorted; a row 0 is "?".
    func texts(_ split: DatasetSplit) throws -> [String] {
        let users = try names("user")
        let items = try names("item")
        let samples = dataset.samples(split)
        return (0..<samples.count).map { index in
            let columns = samples.columns([index], maxHistory: .max)
            func name(_ row: Int32) -> String { items[row] ?? "?" }
            let history = columns.history[0].map(name).joined(separator: " ")
            return
                "\(users[columns.profile[0][0]] ?? "?") \(name(columns.targets[0][0])) \(columns.labels[0]): \(history)"
        }.sorted()
    }

    /// The AUC of scores, ties counted half, by its definition over all pairs.
    func auc(_ split: DatasetSplit, _ score: (Int) -> Double) -> Double {
        let samples = dataset.samples(split)
        let positives = (0..<samples.count).filter { samples.label($0) == 1 }.map(score)
        let negatives = (0..<samples.count).filter { samples.label($0) == 0 }.map(score)
        var wins = 0.0
        for positive in positives {
            for negative in negatives { wins += positive > negative ? 1 : positive == negative ? 0.5 : 0 }
        }
        return wins / Double(positives.count * negatives.count)
    }
}

import DIEN
import Files
import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// Folders that compression writes, judged by the model that serves them and by what they were made of.
struct CompressedModelTests {
    private let folder: TemporaryFolder
    private let source: ModelFolder

    /// An untrained model whose items stand in a file of their own, of more than one piece.
    init() throws {
        var generator = SplitMix64.printed("compression")
        folder = try TemporaryFolder()
        let problem = try TinyProblem("dien.paper", items: 60_000, tablesApart: true)
        let vocabulary = try problem.writeVocabulary(in: folder)
        let identities = try RequestIdentities(vocabularyPath: vocabulary, problem.configuration)
        let batch = problem.batch(8, &generator)
        try TrainedModel(
            network: try Network(problem.configuration, seed: 3), vocabularyPath: vocabulary,
            requests: (0..<8).map { identities.request(TinyProblem.rows(batch, $0)) },
            metadata: [JSONValue.Member(key: "epochs", value: .number("3"))]
        ).write(to: folder.path("source"))
        source = ModelFolder(path: folder.path("source"))
    }

    private func tensors(_ path: String) throws -> SafetensorsFile {
        try SafetensorsFile(MappedFile(path: path))
    }

    @Test(arguments: [(ElementType.f16, 2.0), (.bf16, 2.0), (.i8, 4.0)])
    func `tables shrink, all else stays what it was`(type: ElementType, ratio: Double) throws {
        let path = folder.path("\(type)")
        let result = try #require(
            try CompressedModel(source, tables: type, precision: nil).write(to: path))
        let before = try tensors(source.path + "/model.safetensors")
        let after = try tensors(path + "/model.safetensors")
        for tensor in before.tensors where !tensor.name.hasPrefix("embedding.") {
            let copy = try #require(after.description(of: tensor.name))
            #expect(copy.type == tensor.type && copy.shape == tensor.shape)
            let whole = 0..<tensor.bytes.count
            #expect(before.bytes(of: tensor, whole) == after.bytes(of: copy, whole))
        }
        for name in ["vocabulary.safetensors", "golden.jsonl", "config.json"] {
            let files = try [source.path, path].map {
                try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name)"))
            }
            if name == "config.json" {
                let both = try files.map { try ModelConfiguration(parsing: Array($0)) }
                #expect(both[0] == both[1])
            } else {
                #expect(files[0] == files[1])
            }
        }
        let items = try #require(result.tables.first { $0.name == "item" })
        #expect(items.bytesBefore == 60_000 * 20)
        #expect(Double(items.bytesBefore) / Double(items.bytesAfter) <= ratio)
        #expect(items.bytesAfter == UInt64(60_000 * (type == .i8 ? 9 : 10)))
        let model = try Model(files: ModelFolder(path: path))
        #expect(model.tableTypes == ["user": type, "item": type, "category": type])
        #expect(try model.verifyGolden() == result.golden)
    }

    @Test func `every row is the source's, rounded`() throws {
        let path = folder.path("int8")
        _ = try CompressedModel(source, tables: .i8, precision: nil).write(to: path)
        let name = "embedding.item"
        let before: MappedTensor<Float> = try tensors("\(source.path)/\(name).safetensors")
            .tensor(name, shape: [60_000, 5])
        let after = try tensors("\(path)/\(name).safetensors")
        let scales: MappedTensor<Float> = try after.tensor(name + ".scale", shape: [60_000])
        let table = try #require(after.description(of: name))
        let bytes = after.bytes(of: table, 0..<300_000)
        let (rows, scale) = (before.elements(), scales.elements())
        for row in 0..<60_000 {
            let values = rows[5 * row..<5 * row + 5]
            let largest = values.reduce(0) { max($0, abs($1)) }
            guard scale[row] == largest / 127 else {
                Issue.record("row \(row): scale \(scale[row]) of \(largest)")
                return
            }
            for (column, value) in values.enumerated() {
                let found = Float(Int8(bitPattern: bytes[5 * row + column])) * scale[row]
                guard abs(found - value) <= 0.5001 * scale[row] else {
                    Issue.record("row \(row): \(found) for \(value)")
                    return
                }
            }
        }
    }

    @Test(arguments: [ElementType.f16, .bf16, .i8])
    func `a training goes on from what a compressed table holds`(type: ElementType) throws {
        let path = folder.path("from-\(type)")
        _ = try CompressedModel(source, tables: type, precision: .bf16).write(to: path)
        let compressed = ModelFolder(path: path)
        // Two items more than before.
        let grown = try TinyProblem("dien.paper", items: 60_002)
        let network = try Network(
            continuing: compressed, grown.configuration,
            vocabularyPath: grown.writeVocabulary(in: folder), seed: 4)
        let model = try Model(files: compressed)
        var generator = SplitMix64.printed("continued from \(type)")
        let batch = grown.batch(32, &generator)
        let logits = network.predict(batch)
        for b in 0..<32 {
            let rows = TinyProblem.rows(batch, b)
            guard (rows.history + rows.candidates).allSatisfy({ $0.allSatisfy { $0 < 60_000 } }) else {
                continue
            }
            // What is served of them, but for the network's own precision.
            let served = try model.score(rows)[0]
            #expect(abs(1 / (1 + exp(-logits[b])) - served) < 2e-3, "sample \(b)")
        }
    }

    @Test func `the network's precision is written where a server reads it`() throws {
        let path = folder.path("bf16")
        let result = try CompressedModel(source, tables: nil, precision: .bf16, tolerance: 0.01).write(
            to: path)
        #expect(result?.precision == .bf16)
        let model = try Model(files: ModelFolder(path: path))
        #expect(model.precision == .bf16 && model.configuration.precisionTolerance == 0.01)
        #expect(model.configuration.metadata == [JSONValue.Member(key: "epochs", value: .number("3"))])
        #expect(model.tableTypes.values.allSatisfy { $0 == .f32 })
        // Once more, back to what it was.
        let back = folder.path("fp32")
        _ = try CompressedModel(ModelFolder(path: path), tables: nil, precision: .fp32).write(to: back)
        #expect(try Model(files: ModelFolder(path: back)).verifyGolden().largestDifference < 2e-6)
    }

    @Test func `scores that change too much leave nothing behind`() throws {
        let path = folder.path("refused")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        let error = #expect(throws: TrainingError.self) {
            try CompressedModel(source, tables: .i8, precision: nil, tolerance: 1e-9).write(to: path)
        }
        guard case .invalidModel(.precisionLoss) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == names)
    }

    @Test func `a stop on the way leaves nothing behind`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        var pieces = 0
        let result = try CompressedModel(source, tables: .f16, precision: nil).write(
            to: folder.path("stopped"), report: { done, total in #expect(done <= total) },
            isStopping: {
                pieces += 1
                return pieces == 2
            })
        #expect(result == nil && pieces == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == names)
    }

    @Test func `what stands at the path is replaced on request alone`() throws {
        let compressed = CompressedModel(source, tables: .f16, precision: nil)
        let path = folder.path("twice")
        _ = try compressed.write(to: path)
        #expect(throws: TrainingError.outputExists(path: path)) { try compressed.write(to: path) }
        _ = try compressed.write(to: path, replacing: true)
    }

    @Test func `a value that float16 cannot hold is refused with its row`() throws {
        let path = folder.path("large")
        try FileManager.default.copyItem(atPath: source.path, toPath: path)
        let table = "\(path)/embedding.item.safetensors"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: table)))
        let start = try #require(try tensors(table).tensors.first).bytes.lowerBound
        let place = start + 4 * (5 * 40_000 + 2)
        let bits = Float(70_000).bitPattern
        for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte)) }
        try Data(bytes).write(to: URL(fileURLWithPath: table))
        #expect(throws: TrainingError.unrepresentable(table: "item", row: 40_000, type: "F16")) {
            try CompressedModel(ModelFolder(path: path), tables: .f16, precision: nil)
                .write(to: folder.path("none"))
        }
    }
}

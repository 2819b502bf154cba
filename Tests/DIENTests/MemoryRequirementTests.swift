import DIEN
import Files
import Foundation
import Tensors
import Testing

@Suite struct MemoryRequirementTests {
    private let model: MemoryModel
    private let sizes: [String: UInt64]

    init() throws {
        model = try GoldenCase("dien.paper").folder()
        sizes = model.files.mapValues { UInt64($0.count) }
    }

    @Test func `mapping asks for less memory than copying, by the whole of the tensors`() throws {
        let mapped = try Model.requirement(files: model, sizes: sizes, copied: false)
        let copied = try Model.requirement(files: model, sizes: sizes, copied: true)
        let tensors = sizes["model.safetensors"]! + sizes["vocabulary.safetensors"]!
        #expect(mapped.mappedBytes == tensors)
        #expect(copied.mappedBytes == 0)
        #expect(copied.anonymousBytes - mapped.anonymousBytes == tensors)
    }

    @Test(arguments: GoldenCase.names)
    func `what is left beside the tables is counted in full, whatever the tables are kept in`(
        name: String
    ) throws {
        let golden = try GoldenCase(name)
        let weights = golden.file.tensors.filter {
            $0.name.hasPrefix("param.") && !$0.name.contains("embedding.") && !$0.name.contains("auxiliary.")
        }
        let bytes = weights.reduce(0) { $0 + $1.bytes.count }
        for type in GoldenCase.narrowTypes {
            let folder = try golden.folder(tables: type)
            let sizes = ["model.safetensors": UInt64(folder.files["model.safetensors"]!.count)]
            let needed = try Model.requirement(files: folder, sizes: sizes, copied: false).anonymousBytes
            #expect(needed >= 4 * bytes + 1 << 20)
            // The tables of a large model do not count: they stay mapped.
            let large = try Model.requirement(
                files: folder, sizes: ["model.safetensors": 1 << 34], copied: false)
            #expect(large.anonymousBytes < UInt64(6 * bytes + 1 << 20))
        }
    }

    @Test func `sizes that cannot be are a requirement that nothing meets`() throws {
        let huge = ["model.safetensors": UInt64.max, "golden.jsonl": .max]
        #expect(try Model.requirement(files: model, sizes: huge, copied: true).anonymousBytes == .max)
    }

    @Test func `no sizes ask for little`() throws {
        #expect(try Model.requirement(files: model, sizes: [:], copied: false).anonymousBytes <= 1 << 20)
    }

    @Test func `a model is damaged when one of its mapped files is cut`() throws {
        let folder = NSTemporaryDirectory() + "/dien-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, bytes) in model.files {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        let loaded = try Model(files: ModelFolder(path: folder))
        _ = try loaded.verifyGolden()
        #expect(!loaded.isDamaged)
        let weights = URL(fileURLWithPath: "\(folder)/model.safetensors")
        try FileHandle(forWritingTo: weights).truncate(atOffset: 0)
        _ = try? loaded.verifyGolden()
        #expect(loaded.isDamaged)
    }
}

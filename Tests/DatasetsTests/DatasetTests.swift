import Files
import Foundation
import Tensors
import Testing

@testable import Datasets

/// The mapped data set: what was written comes back, and no damaged file is believed.
struct DatasetTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/set" }

    init() throws {
        folder = try TemporaryFolder()
        try SmallDataset.write(to: folder.path + "/set")
    }

    @Test func `samples come back as columns, the newest behaviours of each`() throws {
        let dataset = try Dataset(path: path)
        #expect(dataset.description == SmallDataset.description)
        let train = dataset.samples(.train)
        #expect(train.count == 2 && dataset.samples(.validation).count == 0)
        #expect(train.length(0) == 3 && train.length(0, maxHistory: 2) == 2 && train.user(1) == 1)
        #expect(
            train.columns([1, 0], maxHistory: 2)
                == SampleColumns(
                    profile: [[2, 1]], targets: [[1, 4], [1, 2]], history: [[2, 3], [1, 2]], lengths: [0, 2],
                    labels: [0, 1]))
        #expect(
            dataset.samples(.test).columns([0], maxHistory: 100)
                == SampleColumns(
                    profile: [[1]], targets: [[2], [1]], history: [[1], [1]], lengths: [1], labels: [1]))
        #expect(dataset.negatives.map { $0.elements() } == [[1, 2, 3], [1, 1, 2]])
    }

    @Test func `the vocabulary has the tensors of a model folder`() throws {
        let file = try SafetensorsFile(MappedFile(path: path + "/vocabulary.safetensors"))
        #expect(try file.tensor("user.ids", of: UInt64.self, shape: [2]).elements() == [10, 1 << 63])
        #expect(
            try file.tensor("item.bytes", of: UInt8.self, shape: [4]).elements() == [0x61, 0x62, 0xC3, 0xBC])
        #expect(try file.tensor("item.offsets", of: UInt64.self, shape: [4]).elements() == [0, 1, 2, 4])
        #expect(try file.tensor("item.rows", of: Int32.self, shape: [3]).elements() == [1, 0, 2])
        #expect(try file.tensor("item.category", of: Int32.self, shape: [3]).elements() == [1, 2, 1])
    }

    @Test func `what stands there is not replaced unless asked for, and nothing is left behind`() throws {
        #expect(throws: DatasetError.outputExists(path: path)) { try SmallDataset.write(to: path) }
        try SmallDataset.write(to: path, isReplacing: true)
        #expect(try Dataset(path: path).samples(.train).count == 2)
        try folder.write("file", "mine")
        #expect(throws: DatasetError.outputExists(path: folder.path + "/file")) {
            try SmallDataset.write(to: folder.path + "/file", isReplacing: true)
        }
        #expect(throws: DatasetError.self) { try SmallDataset.write(to: folder.path, isReplacing: true) }
        #expect(try folder.names() == ["file", "set"])
    }

    @Test(arguments: [
        ("sequence.offsets", 1, 5), ("sequence.item", 0, 5), ("sequence.category", 0, -1),
        ("profile.user", 1, 3),
        ("train.sequence", 0, 2), ("train.end", 1, 2), ("train.end", 0, -1), ("train.target.item", 0, 5),
        ("test.target.category", 0, 3), ("negatives.item", 2, 5), ("train.label", 1, 2),
        ("sequence.offsets", 0, 1), ("sequence.offsets", 2, 3),
    ]) func `an element out of range is refused by tensor and offset`(name: String, index: Int, value: Int)
        throws
    {
        let samples = path + "/samples.safetensors"
        let tensor = try #require(SafetensorsFile(MappedFile(path: samples)).description(of: name))
        let offset = tensor.bytes.lowerBound + index * tensor.type.size
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: samples)))
        for byte in 0..<tensor.type.size {
            bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
        }
        try folder.write("set/samples.safetensors", bytes)
        #expect {
            try Dataset(path: path)
        } throws: { error in
            guard case DatasetError.invalidTensor(samples, name, offset, _) = error else {
                // An offset that is too low is found at the one after it, or at the end.
                guard case DatasetError.invalidTensor(samples, name, _, _) = error else { return false }
                return name == "sequence.offsets"
            }
            return true
        }
    }

    @Test func `no truncation and no flipped byte of the tensors crashes the reader`() throws {
        let samples = path + "/samples.safetensors"
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: samples)))
        for count in stride(from: 0, to: whole.count, by: 97) {
            try folder.write("set/samples.safetensors", Array(whole[..<count]))
            #expect(throws: DatasetError.self) { try Dataset(path: path) }
        }
        for place in Array(4096..<whole.count) + Array(stride(from: 0, to: 1400, by: 13)) {
            var bytes = whole
            bytes[place] ^= 0x84
            try folder.write("set/samples.safetensors", bytes)
            guard let dataset = try? Dataset(path: path) else { continue }
            for split in DatasetSplit.allCases {
                let samples = dataset.samples(split)
                _ = samples.columns(Array(0..<samples.count), maxHistory: 2)
            }
        }
    }

    @Test(arguments: [
        (#""seed": 7"#, #""seed": -1"#, "seed"),
        (#""protocol": "last""#, #""protocol": "first""#, "protocol"),
        (#""max_history": 2"#, #""max_history": 2, "extra": 1"#, "extra"),
        (
            #""rows": 3, "ids": "uint64"}, {"name": "item""#,
            #""rows": 0, "ids": "uint64"}, {"name": "item""#, "tables[0].rows"
        ),
        (#""context": []"#, #""context": [{"name": "hour", "table": "user"}]"#, "features.context"),
        (#""train": 2"#, #""train": -2"#, "splits.train"),
    ]) func `a field of the description that is wrong is refused by name`(
        good: String, bad: String, field: String
    ) throws {
        let text = SmallDataset.description.json
        #expect(text.contains(good))
        try folder.write("set/dataset.json", text.replacingOccurrences(of: good, with: bad))
        #expect {
            try Dataset(path: path)
        } throws: { error in
            guard case DatasetError.invalidDescription(_, field, _) = error else { return false }
            return true
        }
    }
}

import Measuring
import DIEN
import Files
import Foundation
import Tensors
import Training

/// The model of the paper's size, its parameters drawn at random.
struct Sizes {
    let preset: String
    let items, users: Int
    let categories = 1601
    static let embedding = 18
    static let hidden = 36

    var tensors: [(name: String, shape: [Int])] {
        let (e, h, d) = (Self.embedding, Self.hidden, 2 * Self.embedding)
        let input = e + 3 * d + h
        var tensors = [
            ("embedding.user", [users, e]), ("embedding.item", [items, e]),
            ("embedding.category", [categories, e]),
            ("head.norm.gamma", [input]), ("head.norm.beta", [input]), ("head.0.weight", [200, input]),
            ("head.0.bias", [200]), ("head.activation0.alpha", [200]), ("head.1.weight", [80, 200]),
            ("head.1.bias", [80]), ("head.activation1.alpha", [80]), ("head.2.weight", [2, 80]),
            ("head.2.bias", [2]),
        ]
        for (name, inputs) in [("extractor", d), ("evolution", h)] {
            tensors += [
                ("\(name).weight_input", [3 * h, inputs]), ("\(name).weight_hidden", [3 * h, h]),
                ("\(name).bias", [3 * h]),
            ]
            if preset == "paper" { tensors.append(("\(name).bias_hidden_candidate", [h])) }
        }
        guard preset == "reference" else { return tensors + [("attention.weight", [h, d])] }
        return tensors + [
            ("attention.query.weight", [h, d]), ("attention.query.bias", [h]),
            ("attention.query_prelu.alpha", [h]),
            ("attention.0.weight", [80, 4 * h]), ("attention.0.bias", [80]),
            ("attention.1.weight", [40, 80]),
            ("attention.1.bias", [40]), ("attention.2.weight", [1, 40]), ("attention.2.bias", [1]),
            ("auxiliary.norm.gamma", [h + d]), ("auxiliary.norm.beta", [h + d]),
            ("auxiliary.0.weight", [100, h + d]),
            ("auxiliary.0.bias", [100]), ("auxiliary.1.weight", [50, 100]), ("auxiliary.1.bias", [50]),
            ("auxiliary.2.weight", [2, 50]), ("auxiliary.2.bias", [2]),
        ]
    }

    /// Floats that are trained.
    var parameters: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    func network(threads: Int, kernels: Kernels) throws -> Network {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "training-\(UUID()).safetensors")
        defer { try? FileManager.default.removeItem(at: path) }
        try write(to: path)
        let file = try SafetensorsFile(MappedFile(path: path.path))
        return try Network(file, configuration(), threads: threads, kernels: kernels)
    }

    private func configuration() throws -> ModelConfiguration {
        let attention = preset == "reference" ? #""attention_hidden": [80, 40], "# : ""
        let text = """
            {"format": "dien-model/1", "architecture": "dien", "preset": "\(preset)", \(attention)\
            "embedding_dim": \(Self.embedding), "hidden_size": \(Self.hidden), "head_hidden": [200, 80], \
            "max_history": 100, "tables": [{"name": "user", "rows": \(users), "ids": "uint64"}, \
            {"name": "item", "rows": \(items), "ids": "uint64"}, \
            {"name": "category", "rows": \(categories), "ids": "uint64"}], \
            "features": {"profile": [{"name": "user", "table": "user"}], "context": [], \
            "history": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}], \
            "candidates": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}]}}
            """
        return try ModelConfiguration(parsing: Array(text.utf8))
    }

    private func write(to path: URL) throws {
        var entries: [String] = []
        var offset = 0
        for (name, shape) in tensors {
            let bytes = 4 * shape.reduce(1, *)
            entries.append(
                #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(offset),\#(offset + bytes)]}"#
            )
            offset += bytes
        }
        let header = Data("{\(entries.joined(separator: ","))}".utf8)
        _ = FileManager.default.createFile(atPath: path.path, contents: nil)
        let file = try FileHandle(forWritingTo: path)
        try file.write(
            contentsOf: withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header)
        var generator = SplitMix64(state: 1)
        for (_, shape) in tensors {
            var left = shape.reduce(1, *)
            while left > 0 {
                let part = (0..<min(left, 1 << 18)).map { _ in
                    Float(generator.next() >> 40) / Float(1 << 26) - 0.125
                }
                try file.write(contentsOf: part.withUnsafeBytes { Data($0) })
                left -= part.count
            }
        }
        try file.close()
    }
}

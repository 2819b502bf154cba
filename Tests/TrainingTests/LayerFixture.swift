import DIEN
import Files
import TestSupport
import Tensors
import Testing

@testable import Training

/// Parameters and inputs of small layers, drawn with a fixed seed.
struct LayerFixture {
    static let (embedding, hidden, item) = (3, 6, 6)
    let architecture: String
    let preset: String
    let configuration: ModelConfiguration
    let parameters: Parameters
    let worker = Worker(kernels: .automatic, index: 0)
    private var random: SplitMix64

    init(_ architecture: String = "dien", _ preset: String = "reference", seed: UInt64 = 11) throws {
        (self.architecture, self.preset) = (architecture, preset)
        random = .printed("\(architecture).\(preset)", seed: seed)
        let recurrent = !["base", "wide_deep", "pnn", "din"].contains(architecture)
        let network = preset == "reference" && recurrent || architecture == "din"
        let text = #"""
            {"format": "dien-model/1", "architecture": "\#(architecture)", "preset": "\#(preset)",
             "embedding_dim": 3, \#(recurrent ? #""hidden_size": 6,"# : "")
             \#(network ? #""attention_hidden": [5, 4],"# : "") "head_hidden": [7, 5], "max_history": 9,
             "tables": [
               {"name": "user", "rows": 4, "ids": "uint64"}, {"name": "item", "rows": 9, "ids": "uint64"},
               {"name": "category", "rows": 3, "ids": "uint64"}],
             "features": {
               "profile": [{"name": "user", "table": "user"}],
               "history": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}],
               "candidates": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}],
               "context": []}}
            """#
        configuration = try ModelConfiguration(parsing: Array(text.utf8))
        let shapes = Self.shapes(configuration)
        parameters = Parameters(FileSource(file: try Self.file(shapes, &random)), workers: 1)
    }

    private static func shapes(_ configuration: ModelConfiguration) -> [(String, [Int])] {
        let (h, d, input) = (hidden, item, configuration.headInputSize)
        let facts = max(configuration.interestSize, 1)
        var shapes: [(String, [Int])] = [
            ("dense.weight", [5, 7]), ("dense.bias", [5]), ("norm.gamma", [7]), ("norm.beta", [7]),
            ("alpha", [7]),
            ("attention.weight", [h, d]), ("attention.query.weight", [facts, d]),
            ("attention.query.bias", [facts]),
            ("attention.query_prelu.alpha", [facts]), ("attention.0.weight", [5, 4 * facts]),
            ("attention.0.bias", [5]),
            ("attention.1.weight", [4, 5]), ("attention.1.bias", [4]), ("attention.2.weight", [1, 4]),
            ("attention.2.bias", [1]), ("auxiliary.norm.gamma", [h + d]), ("auxiliary.norm.beta", [h + d]),
            ("auxiliary.0.weight", [100, h + d]), ("auxiliary.0.bias", [100]),
            ("auxiliary.1.weight", [50, 100]),
            ("auxiliary.1.bias", [50]), ("auxiliary.2.weight", [2, 50]), ("auxiliary.2.bias", [2]),
            ("head.norm.gamma", [input]), ("head.norm.beta", [input]), ("head.0.weight", [7, input]),
            ("head.0.bias", [7]), ("head.activation0.alpha", [7]), ("head.1.weight", [5, 7]),
            ("head.1.bias", [5]),
            ("head.activation1.alpha", [5]), ("head.2.weight", [2, 5]), ("head.2.bias", [2]),
            ("wide.weight", [2, 3 * d]),
            ("wide.bias", [2]), ("embedding.item", [9, 3]),
        ]
        for name in ["extractor", "evolution"] {
            shapes += [
                ("\(name).weight_input", [3 * h, d]), ("\(name).weight_hidden", [3 * h, h]),
                ("\(name).bias", [3 * h]),
                ("\(name).bias_hidden_candidate", [h]),
            ]
        }
        return shapes
    }

    private static func file(
        _ shapes: [(String, [Int])], _ random: inout SplitMix64
    ) throws -> SafetensorsFile {
        var entries: [String] = []
        var data: [UInt8] = []
        for (name, shape) in shapes {
            let start = data.count
            for _ in 0..<shape.reduce(1, *) {
                let bits = Float.random(in: -0.6...0.6, using: &random).bitPattern
                data += (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
            }
            entries.append(
                #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(start),\#(data.count)]}"#)
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return try SafetensorsFile(MappedFile(copying: length + header + data, path: "layers"))
    }

    /// Values away from 0, where PReLU has its corner.
    mutating func input(_ name: String, rows: Int, columns: Int) -> Input {
        let input = Input(name, rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let size = Float.random(in: 0.1...0.8, using: &random)
                input.value[row, column] = Bool.random(using: &random) ? size : -size
            }
        }
        return input
    }

    /// Weights of the outputs in a loss.
    mutating func coefficients(rows: Int, columns: Int) -> Input {
        input("coefficients", rows: rows, columns: columns)
    }
}

/// What a layer takes, and the gradient that it passes back.
final class Input {
    let name: String
    var value: Matrix
    var gradient: Matrix

    init(_ name: String, rows: Int, columns: Int) {
        self.name = name
        value = Matrix(rows: rows, columns: columns)
        gradient = Matrix(rows: rows, columns: columns)
    }

    /// Σ of this value ∘ other: a loss whose gradient by `other` is this value.
    func dot(_ other: borrowing Matrix) -> Double {
        zip(value.elements(), other.elements()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}

import Tensors
import Testing

@testable import DIEN

/// Scores of networks and tables in fewer bits, against those of float32.
struct PrecisionTests {
    /// Instructions for bfloat16 are used where a product is one of bfloat16, and nowhere else.
    @Test(.enabled(if: Kernels.available.contains { $0.name == "avx512bf16" }), arguments: GoldenCase.names)
    func `in fp32 both kinds of AVX-512 give the same bits`(name: String) throws {
        let files = try GoldenCase(name).folder()
        let models = try [InstructionSet.avx512, .avx512bf16].map {
            try Model(files: files, kernels: Kernels.select($0), precision: .fp32)
        }
        #expect(models.map(\.kernels.name) == ["avx512", "avx512bf16"])
        for (steps, candidates) in [(0, 3), (1, 1), (7, 50), (40, 5)] {
            let input = RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([3]))],
                history: [FeatureColumn(name: "item", values: .ids((0..<steps).map { UInt64($0 * 5 % 37) }))],
                candidates: [
                    FeatureColumn(name: "item", values: .ids((0..<candidates).map { UInt64($0 * 7 % 37) }))
                ])
            let scores = try models.map { try $0.score(input).probabilities }
            #expect(scores[0] == scores[1], "T \(steps) N \(candidates)")
        }
    }

    static let kernels = Kernels.available.map(\.name)

    /// The largest |Δp| of a golden case from the probabilities of an independent float64 program.
    private func change(
        of folder: MemoryModel, kernels: String, precision: Precision? = nil
    ) throws -> Float {
        let set = try #require(InstructionSet(rawValue: kernels))
        let model = try Model(files: folder, kernels: Kernels.select(set), precision: precision)
        return try model.goldenReport().largestDifference
    }

    @Test(arguments: GoldenCase.names, kernels)
    func `a network in bf16 scores as float32 does, to its precision`(name: String, kernels: String) throws {
        let folder = try GoldenCase(name).folder()
        let change = try change(of: folder, kernels: kernels, precision: .bf16)
        #expect(change <= 2e-3)
        // In a network of this size the rounding is more than that of float32.
        guard name.hasSuffix("paper_size") else { return }
        let single = try self.change(of: folder, kernels: kernels, precision: .fp32)
        #expect(change > 3 * single, "nothing was rounded: \(change) and \(single)")
        // The roundings of one of them happen to cancel out more than those of the others: 1.25e-6 is left.
        #expect(change > (name == "dien.paper.paper_size" ? 1.2e-6 : 2e-6), "nothing was rounded")
    }

    @Test(arguments: GoldenCase.names, kernels)
    func `tables in fewer bits score as float32 does, to their precision`(
        name: String, kernels: String
    ) throws {
        let golden = try GoldenCase(name)
        for (type, limit): (ElementType, Float) in [(.f16, 5e-4), (.bf16, 4e-3), (.i8, 5e-3)] {
            let change = try change(of: golden.folder(tables: type), kernels: kernels)
            #expect(change <= limit, "\(type)")
            #expect(change > 1e-7, "\(type): nothing was rounded")
        }
    }

    @Test(arguments: GoldenCase.names)
    func `what runs once a user or once a candidate is float32 in any precision`(name: String) throws {
        let golden = try GoldenCase(name)
        let folder = try golden.folder()
        let model = try Model(files: folder, precision: .bf16)
        let isPlain = ["base", "wide_deep", "pnn", "gru_attention.paper"].contains { name.hasPrefix($0) }
        #expect(model.precision == (isPlain ? .fp32 : .bf16))
        guard isPlain else { return }
        for b in try golden.lengths.indices {
            let input = try golden.input(b)
            #expect(try model.score(input) == Model(files: folder).score(input))
        }
    }

    @Test(arguments: GoldenCase.narrowTypes)
    func `every instruction set reads the same rows`(type: ElementType) throws {
        let folder = try GoldenCase("dien.paper").folder(tables: type)
        var vectors: Set<[Float]> = []
        for kernels in Kernels.available {
            let model = try Model(files: folder, kernels: kernels)
            var rows = Matrix(rows: 0, columns: 0)
            model.plan.embeddings.vectors(
                of: EmbeddingRows(
                    count: 5, features: [(1, [0, 3, 1, 4, 4]), (2, [1, 0, 2, 1, 0])]),
                1..<5, into: &rows)
            vectors.insert(rows.elements())
            #expect(model.tableTypes == ["user": type, "item": type, "category": type])
        }
        #expect(vectors.count == 1)
    }

    @Test func `a compressed model is held to the tolerance of its precision`() throws {
        let golden = try GoldenCase("dien.paper.paper_size")
        var folder = try golden.folder(tables: .i8)
        let report = try Model(files: folder).verifyGolden()
        #expect(report.tolerance == 2e-3 && report.meanDifference > 0)
        let worst = try #require(report.largest)
        #expect(worst.magnitude == report.largestDifference && worst.magnitude >= report.meanDifference)
        #expect(worst.expected == (try golden.floats("serve.probabilities"))[worst.line - 1])

        folder[text: "config.json"] = folder[text: "config.json"]
            .replacing(#""metadata""#, with: #""precision_tolerance": 1e-5, "metadata""#)
        let error = #expect(throws: ModelError.self) { try Model(files: folder).verifyGolden() }
        guard case .precisionLoss(let line, 0, _, _, 1e-5) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(line == worst.line)
        #expect(error?.description.contains("keep the tables or the network in more bits") == true)
    }

    @Test func `a tolerance that a caller gives tightens and never loosens`() throws {
        let model = try Model(files: GoldenCase("dien.paper").folder(), precision: .bf16)
        #expect(throws: ModelError.self) { try model.verifyGolden(tolerance: 1e-9) }
        #expect(try model.verifyGolden(tolerance: 1).tolerance == 2e-3)
    }

    @Test func `the precision is the configuration's unless a load says otherwise`() throws {
        var folder = try GoldenCase("dien.paper").folder()
        #expect(try Model(files: folder).precision == .fp32)
        #expect(try !Model(files: folder).isCompressed)
        folder[text: "config.json"] = folder[text: "config.json"]
            .replacing(#""metadata""#, with: #""precision": "bf16", "metadata""#)
        #expect(try Model(files: folder).precision == .bf16)
        #expect(try Model(files: folder).isCompressed)
        #expect(try Model(files: folder, precision: .fp32).verifyGolden().largestDifference < 2e-6)
    }

    @Test func `scales without an int8 table, and tensors beside a table of its own file, are refused`()
        throws
    {
        let golden = try GoldenCase("dien.paper")
        var folder = try golden.folder()
        var writer = TensorsWriter()
        for tensor in golden.file.tensors where tensor.name.hasPrefix("param.") {
            let name = String(tensor.name.dropFirst("param.".count))
            writer.add(name, try golden.floats(tensor.name), shape: tensor.shape)
        }
        writer.add("embedding.item.scale", [1, 2], shape: [2])
        folder.files["model.safetensors"] = writer.file
        #expect(
            throws: ModelError.unexpectedTensor(file: "model.safetensors", tensor: "embedding.item.scale")
        ) { try Model(files: folder) }
    }

    @Test(arguments: GoldenCase.narrowTypes)
    func `a compressed table may stand in a file of its own`(type: ElementType) throws {
        let golden = try GoldenCase("dien.paper")
        var folder = try golden.folder(tables: type)
        let whole = try Model(files: folder).goldenReport()
        var (rest, alone) = (TensorsWriter(), TensorsWriter())
        for tensor in golden.file.tensors where tensor.name.hasPrefix("param.") {
            let name = String(tensor.name.dropFirst("param.".count))
            let values = try golden.floats(tensor.name)
            if name == "embedding.item" {
                alone.addTable(name, values, columns: tensor.shape[1], type)
            } else if name.hasPrefix("embedding.") {
                rest.addTable(name, values, columns: tensor.shape[1], type)
            } else {
                rest.add(name, values, shape: tensor.shape)
            }
        }
        folder.files["model.safetensors"] = rest.file
        folder.files["items.safetensors"] = alone.file
        folder[text: "config.json"] = folder[text: "config.json"]
            .replacing(
                #"{"name": "item", "rows""#, with: #"{"name": "item", "file": "items.safetensors", "rows""#)
        #expect(try Model(files: folder).goldenReport() == whole)
        alone.add("embedding.other", [1], shape: [1])
        folder.files["items.safetensors"] = alone.file
        #expect(
            throws: ModelError.unexpectedTensor(file: "items.safetensors", tensor: "embedding.other")
        ) { try Model(files: folder) }
    }
}

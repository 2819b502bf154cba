import Tensors
import Testing

@testable import DIEN

/// Scores of networks and tables in fewer bits, against those of float32.
struct PrecisionTests {
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
        let change = try change(of: GoldenCase(name).folder(), kernels: kernels, precision: .bf16)
        print("PREC bf16", name, kernels, change)
        // Weights of the golden files are of size 1, where training keeps them near 0.1: the bound is wide.
        #expect(change <= 2e-2)
        #expect(change > 1e-6, "nothing was rounded")
    }

    @Test(arguments: GoldenCase.names, kernels)
    func `tables in fewer bits score as float32 does, to their precision`(name: String, kernels: String) throws {
        let golden = try GoldenCase(name)
        for (type, limit): (ElementType, Float) in [(.f16, 1e-3), (.bf16, 8e-3), (.i8, 1e-2)] {
            let change = try change(of: golden.folder(tables: type), kernels: kernels)
            print("PREC", type, name, kernels, change)
            #expect(change <= limit, "\(type)")
            #expect(change > 1e-7, "\(type): nothing was rounded")
        }
    }
}

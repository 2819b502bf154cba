import DIEN
import Tensors
import Testing

/// The widths and counts that the authors' program has with its own sizes: E 18, H 36, head 200-80-2.
struct ArchitectureTests {
    static let widths: [(architecture: String, width: Int)] = [
        ("base", 90), ("wide_deep", 90), ("pnn", 126), ("din", 162), ("gru_attention", 162), ("aigru", 162),
        ("agru", 162), ("augru", 162), ("dien", 162),
    ]

    @Test(arguments: widths)
    func `the head is as wide as the authors' program has it`(architecture: String, width: Int) throws {
        let golden = try GoldenCase("\(architecture).reference")
        let text = try golden.configuration()
            .replacing(#""embedding_dim": 6"#, with: #""embedding_dim": 18"#)
            .replacing(#""hidden_size": 12"#, with: #""hidden_size": 36"#)
        #expect(try ModelConfiguration(parsing: Array(text.utf8)).headInputSize == width)
    }

    /// Trainable floats outside the embeddings; the auxiliary network's 12,596 are counted where it is trained.
    static let counts: [(architecture: String, count: Int)] = [
        ("base", 34_902), ("wide_deep", 35_120), ("pnn", 42_174), ("din", 64_327), ("gru_attention", 81_463),
        ("aigru", 81_463), ("agru", 81_463), ("augru", 81_463), ("dien", 81_463),
    ]

    @Test(arguments: counts)
    func `the tensors of a file hold as many floats as the authors' program trains`(
        architecture: String, count: Int
    ) throws {
        let golden = try GoldenCase("\(architecture).reference")
        // Widths of the golden file, and what they are in the authors' program; 4H of the attention network is 144.
        let product = architecture == "base" || architecture == "wide_deep" ? 2 : 3
        let recurrent = golden.has("param.extractor.bias")
        let interest = recurrent || architecture == "din" ? 12 : 0
        let head = 6 + product * 12 + interest
        let sizes = [
            head: 3 * head, 12: 36, 36: 108, 48: 144, 24: 72, 200: 200, 80: 80, 40: 40, 2: 2, 1: 1,
        ]
        var total = 0
        for tensor in golden.file.tensors where tensor.name.hasPrefix("param.") {
            let untrained = ["embedding", "moving", "auxiliary"].contains { tensor.name.contains($0) }
            if !untrained { total += tensor.shape.map { sizes[$0] ?? 0 }.reduce(1, *) }
        }
        #expect(total == count)
    }
}

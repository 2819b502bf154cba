import DIEN
import Tensors
import Testing

/// Weights with a damaged header or a missing end: no model comes of them, and the reason names a tensor and a place.
struct DamagedWeightsTests {
    private let folder: MemoryModel
    private let good: [UInt8]
    private let headerBytes: Int

    init() throws {
        folder = try GoldenCase("dien.paper").folder()
        let weights = try #require(folder.files["model.safetensors"])
        headerBytes = (0..<8).reduce(0) { $0 | Int(weights[$1]) << (8 * $1) }
        good = weights
    }

    private func refusal(of weights: [UInt8]) -> ModelError? {
        var damaged = folder
        damaged.files["model.safetensors"] = weights
        do {
            _ = try Model(files: damaged)
            return nil
        } catch { return error }
    }

    @Test func `a flipped bit anywhere in the header is refused`() {
        #expect(refusal(of: good) == nil)
        for byte in 0..<8 + headerBytes {
            for bit in 0..<8 {
                var damaged = good
                damaged[byte] ^= 1 << UInt8(bit)
                let sentence = refusal(of: damaged)?.description ?? ""
                let names = sentence.contains("tensor \"") || sentence.contains("byte ")
                #expect(
                    names && sentence.contains("model.safetensors"), "byte \(byte), bit \(bit): \(sentence)")
            }
        }
    }

    @Test func `a file cut off anywhere in the header or at many places behind it is refused`() {
        let lengths =
            Array(0...8 + headerBytes) + Array(stride(from: 8 + headerBytes, to: good.count, by: 977))
        for length in lengths {
            let sentence = refusal(of: Array(good[..<length]))?.description ?? ""
            #expect(sentence.contains("it ends at byte \(length)"), "\(length) bytes: \(sentence)")
        }
    }
}

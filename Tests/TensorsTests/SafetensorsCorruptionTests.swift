import Tensors
import TestSupport
import Testing

/// Damage to a small file: refused, or what is read is what was written.
struct SafetensorsCorruptionTests {
    static let header =
        #"{"__metadata__":{"k":"v"},"a.b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
        + #""c":{"dtype":"I32","shape":[1],"data_offsets":[24,28]}}"#
    static let good = safetensors(header, data: [UInt8](repeating: 7, count: 28))

    @Test func `every truncation is refused`() {
        for length in 0..<Self.good.count {
            #expect(refusal(of: Array(Self.good[..<length])) != nil, "\(length) bytes")
        }
        #expect(refusal(of: Self.good) == nil)
    }

    @Test func `no flipped bit of the header changes a tensor's type, shape or place`() throws {
        let intact = try parse(Self.good)
        for byte in 0..<8 + Self.header.utf8.count {
            for bit in 0..<8 {
                var damaged = Self.good
                damaged[byte] ^= 1 << bit
                guard let file = try? parse(damaged) else { continue }
                // A flip inside a name or a metadata string makes another name or string; whoever asks for the
                // tensor does not find it. Nothing else may have changed.
                let place = "byte \(byte), bit \(bit)"
                #expect(file.tensors.map(\.type) == intact.tensors.map(\.type), "\(place)")
                #expect(file.tensors.map(\.shape) == intact.tensors.map(\.shape), "\(place)")
                #expect(file.tensors.map(\.bytes) == intact.tensors.map(\.bytes), "\(place)")
                let renamed = zip(file.tensors, intact.tensors).count { $0.name != $1.name }
                #expect(renamed + (file.metadata == intact.metadata ? 0 : 1) == 1, "\(place)")
            }
        }
    }

    @Test func `every refusal names the place, and the tensor where there is one`() throws {
        // The entries of the two tensors, braces included, as places in the file.
        let text = Array(Self.header.utf8)
        let starts = text.indices.filter { text[$0] == UInt8(ascii: "{") }.suffix(2)
        let entries = starts.map { start in
            8 + start...8 + (text[start...].firstIndex(of: UInt8(ascii: "}")) ?? start)
        }
        for byte in Self.good.indices {
            for bit in 0..<8 {
                var damaged = Self.good
                damaged[byte] ^= 1 << bit
                guard let sentence = refusal(of: damaged)?.description else { continue }
                let place = "byte \(byte), bit \(bit): \(sentence)"
                #expect(sentence.contains("byte ") || sentence.contains("data offset "), "\(place)")
                if entries.contains(where: { $0.contains(byte) }) {
                    #expect(sentence.contains("tensor \""), "\(place)")
                }
            }
        }
        for length in Self.good.indices {
            let sentence = refusal(of: Array(Self.good[..<length]))?.description ?? ""
            #expect(sentence.contains("byte \(length)"), "\(length) bytes: \(sentence)")
        }
    }

    @Test func `damage at many places does not crash`() {
        var random = SplitMix64(seed: 12)
        for _ in 0..<2000 {
            var damaged = Self.good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: damaged.indices, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            if let file = try? parse(damaged) {
                #expect(file.tensors.allSatisfy { $0.bytes.upperBound <= damaged.count }, "seed 12")
            }
        }
    }
}

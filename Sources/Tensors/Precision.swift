/// The precision of a network's weights and products. Sums, states and the softmax are float32 in all of them.
public enum Precision: String, Sendable, CaseIterable {
    /// Float32.
    case fp32
    /// Bfloat16, the upper half of a float32.
    case bf16
}

extension Float {
    /// The nearest bfloat16, ties to even. Precondition: not a NaN.
    var roundedToBF16: Float {
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }
}

internal import CKernels

/// What products are computed in.
public enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floats.
    case fp32
    /// Factors rounded to bfloat16, sums in 32-bit floats.
    case bf16
}

/// The weights of a dense layer, laid out for the kernels once, at load: immutable, shared by all requests.
@safe public final class PackedMatrix: @unchecked Sendable {
    // @unchecked because the memory is written in init only.
    private let base: UnsafeMutablePointer<Float>
    /// Width of what the layer takes.
    public let inputs: Int
    /// Width of what the layer gives.
    public let outputs: Int
    /// What its products are computed in.
    public let precision: Precision

    /// Packs `weight` [outputs, inputs], row-major as trainers store it, as [inputs, outputs] with padded rows; in bf16
    /// as [inputs / 2, outputs] of pairs, the first of a pair in the low half, an odd one completed by zero.
    public init(_ weight: [Float], outputs: Int, inputs: Int, precision: Precision = .fp32) {
        precondition(weight.count == outputs * inputs, "weight is not [outputs, inputs]")
        self.outputs = outputs
        self.inputs = inputs
        self.precision = precision
        let stride = kernel_stride(outputs)
        unsafe base = allocateZeroed(floats: (precision == .bf16 ? (inputs + 1) / 2 : inputs) * stride)
        for output in 0..<outputs {
            for input in 0..<inputs {
                let value = weight[output * inputs + input]
                switch precision {
                case .fp32: unsafe base[input * stride + output] = value
                case .bf16:
                    let place = input / 2 * stride + output
                    let bits = UInt32(Self.roundedToBFloat16(value)) << (input % 2 == 0 ? 0 : 16)
                    let word = unsafe UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt32.self)
                    unsafe word[place] |= bits
                }
            }
        }
    }

    /// The bits of the nearest bfloat16, ties to even; a NaN stays one.
    static func roundedToBFloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }

    deinit { unsafe base.deallocate() }

    var rows: kernel_rows { unsafe kernel_rows(values: base, stride: kernel_stride(outputs)) }
}

/// One value a channel (a bias, a scale), padded with zeros for the kernels: immutable, shared by all requests.
@safe public final class PackedVector: @unchecked Sendable {
    // @unchecked because the memory is written in init only.
    private let base: UnsafeMutablePointer<Float>
    /// Channels.
    public let count: Int

    /// A copy of `values`.
    public init(_ values: [Float]) {
        count = values.count
        unsafe base = allocateZeroed(floats: kernel_stride(values.count))
        for i in values.indices { unsafe base[i] = values[i] }
    }

    deinit { unsafe base.deallocate() }

    var values: UnsafePointer<Float> { unsafe UnsafePointer(base) }
    /// The same row for whoever asks for row i.
    var repeated: kernel_rows { unsafe kernel_rows(values: base, stride: 0) }
}

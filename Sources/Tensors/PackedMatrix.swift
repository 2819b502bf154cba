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

    /// Packs `weight` [outputs, inputs], row-major as trainers store it, as [inputs, outputs] with padded rows.
    public init(_ weight: [Float], outputs: Int, inputs: Int, precision: Precision = .fp32) {
        precondition(weight.count == outputs * inputs, "weight is not [outputs, inputs]")
        self.outputs = outputs
        self.inputs = inputs
        self.precision = precision
        let weight = precision == .bf16 ? weight.map(\.roundedToBF16) : weight
        let stride = kernel_stride(outputs)
        unsafe base = allocateZeroed(floats: inputs * stride)
        for output in 0..<outputs {
            for input in 0..<inputs {
                unsafe base[input * stride + output] = weight[output * inputs + input]
            }
        }
    }

    deinit { unsafe base.deallocate() }

    var rows: kernel_rows { unsafe kernel_rows(values: base, stride: kernel_stride(outputs)) }
}

extension Float {
    /// The nearest bfloat16, ties to even. Precondition: not a NaN.
    var roundedToBF16: Float {
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }
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

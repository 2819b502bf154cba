internal import CKernels

/// Memory that kernels work in: grows to the largest need and is used again, by one call at a time.
@safe public struct KernelScratch: ~Copyable, @unchecked Sendable {
    // @unchecked because its pointers are of one call.
    private var memory = Matrix(rows: 0, columns: 0)
    /// What kernels are told about each row; empty between calls.
    var projections: [kernel_projections] = unsafe []
    /// What the GRU is told about each sequence; empty between calls.
    var sequences: [kernel_gru_sequence] = unsafe []

    /// No memory yet.
    public init() {}

    /// Bytes held.
    public var bytes: Int {
        unsafe memory.bytes + projections.capacity * MemoryLayout<kernel_projections>.stride
            + sequences.capacity * MemoryLayout<kernel_gru_sequence>.stride
    }

    mutating func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        if memory.columns < count { memory.resize(rows: 1, columns: count) }
        return unsafe memory.base
    }
}

internal import CKernels

/// What the kernels are compiled for.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// The fastest that this machine runs.
    case automatic
    /// Plain C, one float at a time.
    case scalar
    /// 8 floats at a time, with fused multiply-add.
    case avx2
    /// 16 floats at a time.
    case avx512
    /// 16 floats at a time, and products of bfloat16 pairs.
    case avx512bf16
    /// 4 floats at a time, of 64-bit ARM.
    case neon
}

/// The SIMD kernels of one instruction set: the only door to them.
///
/// Every function checks its shapes (a wrong one is a programmer's mistake and traps) and runs on the calling thread.
/// The bits of one row of a result do not depend on how many rows there are.
@safe public struct Kernels: @unchecked Sendable {
    // @unchecked because the table is a constant of the program.
    let table: UnsafePointer<kernels>
    /// Threads that share a product of training; see ``on(_:)``.
    private(set) var threads = 1

    /// The instruction set in use, "scalar", "avx2", "avx512", "avx512bf16" or "neon".
    public var name: String { unsafe String(cString: table.pointee.name) }

    /// These kernels with the products of training shared among threads, which changes no bit of them.
    public func on(_ threads: Int) -> Kernels {
        precondition(threads > 0, "no thread to compute on")
        var result = self
        result.threads = threads
        return result
    }

    /// Calls `body` with parts of 0 ..< count, on as many threads.
    func share(_ count: Int, _ body: (Range<Int>) -> Void) {
        Workers.perform(threads) { part in
            body(count * part / threads..<count * (part + 1) / threads)
        }
    }

    /// The fastest kernels of this machine.
    public static let automatic = unsafe Kernels(table: kernels_fastest())

    /// The kernels of one instruction set; throws `unsupportedInstructionSet` where they cannot run.
    public static func select(_ set: InstructionSet) throws(TensorError) -> Kernels {
        guard set != .automatic else { return .automatic }
        guard let table = unsafe kernels_named(set.rawValue) else { throw .unsupportedInstructionSet(set) }
        return unsafe Kernels(table: table)
    }

    /// Every instruction set that this machine runs, the slowest first.
    public static var available: [Kernels] {
        InstructionSet.allCases.compactMap { set in
            set == .automatic ? nil : try? select(set)
        }
    }
}

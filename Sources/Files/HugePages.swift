internal import Glibc

/// Pages that are 512 times a usual one's size: what is met at random in them rarely misses the processor's table of pages.
public enum HugePages {
    /// The size of one on x86-64, and on arm64 with pages of 4 KiB.
    public static let bytes = 2 << 20

    /// Asks for the whole huge pages of memory that was just allocated and has not been touched. The system may decline.
    public static func prefer(_ memory: UnsafeMutableRawBufferPointer) {
        guard let base = memory.baseAddress else { return }
        _ = unsafe madvise(base, memory.count / bytes * bytes, MADV_HUGEPAGE)
    }
}

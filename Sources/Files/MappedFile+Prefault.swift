internal import CSignals
internal import Glibc

extension MappedFile {
    /// Brings every page into memory and into the page table, so that no request waits for the disk or for a fault.
    ///
    /// Waits as long as reading the file takes: for threads that serve nobody.
    /// - Throws: `damaged` when the file has lost a page.
    public func prefault() throws(FileError) {
        guard let pages = unsafe mapping else { return }
        // The disk may begin with all of it, while the page table is filled piece by piece.
        unsafe _ = madvise(pages.baseAddress, pages.count, MADV_WILLNEED)
        // A piece at a time: the kernel holds the address space's lock, on which a swap elsewhere may wait.
        for start in stride(from: 0, to: pages.count, by: Self.prefaultBytes) {
            let count = min(Self.prefaultBytes, pages.count - start)
            let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: pages[start..<start + count])
            unsafe Self.populate(piece)
        }
        if isDamaged { throw .damaged(path: path) }
    }

    /// MADV_POPULATE_READ; where the kernel has none (before 5.14), or finds no page, one read a page, which a lost page
    /// survives as zeros.
    private static func populate(_ piece: UnsafeMutableRawBufferPointer) {
        guard let base = piece.baseAddress else { return }
        while unsafe madvise(base, piece.count, populateRead) != 0 {
            if errno == EINTR { continue }
            unsafe sigbus_touch_pages(base, piece.count)
            return
        }
    }

    private static let prefaultBytes = 32 << 20
    /// MADV_POPULATE_READ of linux/mman.h: older C libraries do not name it.
    private static let populateRead: Int32 = 22
}

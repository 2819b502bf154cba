internal import Glibc

/// Maps `count` > 0 bytes of zeros, private to this process, readable and writable.
func mapAnonymous(_ count: Int, path: String) throws(FileError) -> UnsafeMutableRawBufferPointer {
    let mapped = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
        throw .system(.mmap, path: path, errno: errno)
    }
    return unsafe UnsafeMutableRawBufferPointer(start: mapped, count: count)
}

/// Fills `memory` with a file's content, which must be exactly as long; the descriptor stands at its start.
func readWhole(
    _ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer, path: String
) throws(FileError) {
    var filled = 0
    while filled < memory.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
        let count = try retryingInterrupts(.read, path) {
            unsafe read(descriptor, rest.baseAddress, rest.count)
        }
        guard count > 0 else { throw .changed(path: path) }
        filled += count
    }
    var extra: UInt8 = 0
    let count = try retryingInterrupts(.read, path) { unsafe read(descriptor, &extra, 1) }
    guard count == 0 else { throw .changed(path: path) }
}

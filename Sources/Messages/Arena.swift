import CProtobufC

/// Memory of one message while it is decoded or encoded: handed out in order, freed at once, never beyond a limit.
///
/// protobuf-c takes a refused allocation as a clean "out of memory" and returns NULL, which is what bounds a hostile
/// message.
@safe final class Arena {
    let limit: Int
    private(set) var isExhausted = false
    private var used = 0
    private var chunks: [UnsafeMutableRawPointer] = unsafe []
    private var cursor: UnsafeMutableRawPointer?
    private var left = 0

    private static let alignment = 16
    private static let chunkLength = 4096

    /// An empty arena that gives out at most `limit` bytes.
    init(limit: Int) {
        self.limit = limit
    }

    deinit {
        unsafe chunks.forEach { unsafe $0.deallocate() }
    }

    /// `count` bytes, aligned for every C type; nil beyond the limit. They live as long as the arena.
    func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        guard count >= 0, count <= limit - used else {
            isExhausted = true
            return nil
        }
        let padded = (max(count, 1) + Arena.alignment - 1) & ~(Arena.alignment - 1)
        used += padded
        if padded > left { addChunk(atLeast: padded) }
        defer {
            unsafe cursor = unsafe cursor?.advanced(by: padded)
            left -= padded
        }
        return unsafe cursor
    }

    private func addChunk(atLeast count: Int) {
        // Twice what was used so far, so that a large message needs few chunks.
        let length = max(count, min(max(Arena.chunkLength, used), 1 << 20))
        let chunk = UnsafeMutableRawPointer.allocate(byteCount: length, alignment: Arena.alignment)
        unsafe chunks.append(chunk)
        unsafe cursor = unsafe chunk
        left = length
    }

    /// Runs `body` with an allocator for protobuf-c that takes its memory from here. Its `free` does nothing.
    func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> Result) -> Result {
        var allocator = unsafe ProtobufCAllocator(
            alloc: arenaAllocate, free: arenaFree, allocator_data: Unmanaged.passUnretained(self).toOpaque())
        let result = unsafe body(&allocator)
        // protobuf-c holds no reference of its own: the arena has to outlive its last allocation.
        withExtendedLifetime(self) {}
        return result
    }
}

@c(dien_arena_allocate)
func arenaAllocate(_ arena: UnsafeMutableRawPointer?, _ count: Int) -> UnsafeMutableRawPointer? {
    guard let arena = unsafe arena else { return nil }
    return unsafe Unmanaged<Arena>.fromOpaque(arena).takeUnretainedValue().allocate(count)
}

@c(dien_arena_free)
func arenaFree(_ arena: UnsafeMutableRawPointer?, _ memory: UnsafeMutableRawPointer?) {}

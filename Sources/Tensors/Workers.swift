internal import Dispatch

/// Work that is split among threads: fork and join.
public enum Workers {
    /// Calls `body` with 0 ..< count, each once, on up to `count` threads, and returns when all have returned.
    ///
    /// The threads are those of the system's pool: none is made for a call. What two calls of `body` share must not be
    /// written by either; nobody else checks that.
    public static func perform(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            // The caller promises that the calls share nothing that they write.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: count) { index in unsafe body(index) }
        }
    }
}

internal import CKernels

/// Work that is split among threads: fork and join.
public enum Workers {
    /// Calls `body` with 0 ..< count, each once, on as many threads, and returns when all have returned.
    ///
    /// A number stays with its thread from call to call, and so does what it works on in that thread's caches. Threads are
    /// made once, and look for the next call for about a millisecond before they sleep. What two calls of `body` share
    /// must not be written by either; nobody else checks that.
    public static func perform(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            var body = body
            unsafe withUnsafeMutablePointer(to: &body) { pointer in
                unsafe kernel_perform(
                    count,
                    { context, index in
                        unsafe context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(index)
                    }, pointer)
            }
        }
    }
}

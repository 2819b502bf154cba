internal import Glibc

/// What of the processor's time was used, for telling who is busy.
public enum ProcessorTime {
    /// Nanoseconds that the calling thread has run.
    public static func ofThread() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

internal import CSignals
internal import Glibc

/// The scheduling priority of single threads.
public enum ThreadPriority {
    /// Lowers the calling thread, not the whole process, so that loading a model never takes a core from scoring.
    /// It cannot be raised again without privileges: only for threads that go on doing background work. False when
    /// the system refuses.
    @discardableResult
    public static func lowerCurrentThread(to niceness: Int32 = 10) -> Bool {
        // On Linux PRIO_PROCESS with id 0 means the calling thread (setpriority(2), "C library/kernel differences").
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) == 0
    }

    /// Leaves the calling thread the processor time alone that no other thread wants: one of a higher class that wakes takes
    /// the processor from it at once (SCHED_IDLE, sched(7)). Where the system refuses that, its niceness is the highest.
    ///
    /// Such a thread may stand still for long with a lock held, so no thread that serves may ever wait for a lock of its.
    @discardableResult
    public static func useIdleTimeOnly() -> Bool {
        idle_thread() == 0 || lowerCurrentThread(to: 19)
    }
}

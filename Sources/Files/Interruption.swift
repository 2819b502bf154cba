internal import Glibc
internal import Synchronization

private let interrupted = Atomic<Bool>(false)

/// SIGINT and SIGTERM as a flag, for work that stops between two steps and cleans up.
public enum Interruption {
    /// From now on the first of these signals sets the flag; a second one ends the process as ever.
    public static func watch() {
        // Initialised here, since the handler may not wait for a global's initialisation.
        interrupted.store(false, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in interrupted.store(true, ordering: .relaxed) }
        action.sa_flags = SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND))
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
    }

    /// Whether a signal came since ``watch()``.
    public static var isRequested: Bool { interrupted.load(ordering: .relaxed) }
}

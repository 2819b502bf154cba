internal import Glibc

/// A counting semaphore of the system (sem_overview(7)), for threads that have to sleep: never for tasks.
@safe public final class Semaphore: @unchecked Sendable {
    // @unchecked because the system guards it.
    private let semaphore: UnsafeMutablePointer<sem_t>

    /// A semaphore that nobody may pass yet.
    public init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe precondition(sem_init(semaphore, 0, 0) == 0, "no semaphore")
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Lets one thread pass.
    public func signal() { unsafe sem_post(semaphore) }

    /// Passes, once that is allowed.
    public func wait() {
        while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}

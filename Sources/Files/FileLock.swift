/// Who may hold a lock on a file at the same time.
public enum FileLockKind: Sendable, Equatable {
    /// Any number of holders, while nobody holds it exclusively.
    case shared
    /// One holder alone.
    case exclusive
}

/// A lock on a file, advisory between processes and between the callers within one (flock(2)). It ends with
/// `release`, with the object, or with the process, however that ends.
public protocol FileLock: AnyObject {
    /// Gives the lock up; further calls do nothing.
    func release()
}

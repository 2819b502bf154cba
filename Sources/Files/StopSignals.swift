internal import Glibc
internal import Synchronization

/// SIGINT and SIGTERM as a question that a long piece of work asks itself between two steps, so that it can end where
/// nothing is half done. A second signal ends the process at once, as it would have without this.
public enum StopSignals {
    private static let received = Atomic<Int32>(0)

    /// From now on the first SIGINT or SIGTERM is only noted.
    public static func note() {
        // A global is made when it is first used, which must not be inside a handler.
        _ = received.load(ordering: .relaxed)
        for signal in [SIGINT, SIGTERM] {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = {
                StopSignals.received.store($0, ordering: .relaxed)
            }
            // SA_RESETHAND is bit 31, which C's int has as its sign.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            unsafe sigaction(signal, &action, nil)
        }
    }

    /// The number of the signal that asks for the end; nil as long as none came.
    public static var pending: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}

internal import Glibc

/// A thread of the system with one purpose.
public enum DedicatedThread {
    private final class Start {
        let processor: Int?
        let body: @Sendable () -> Void

        init(_ processor: Int?, _ body: @escaping @Sendable () -> Void) {
            self.processor = processor
            self.body = body
        }
    }

    /// Starts a thread that runs `body` and then ends; nobody joins it. False where the system gives no more threads.
    ///
    /// - Parameter processor: where it is kept; nil: wherever the system likes. One that is refused counts as nil.
    public static func start(on processor: Int? = nil, _ body: @escaping @Sendable () -> Void) -> Bool {
        let start = unsafe Unmanaged.passRetained(Start(processor, body))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                if let processor = start.processor { Processors.pinCurrentThread(to: processor) }
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            unsafe start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

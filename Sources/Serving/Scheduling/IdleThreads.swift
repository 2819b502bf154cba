/// The threads that have nothing to do, and which of them is woken next. A value that decides; the scheduler acts.
struct IdleThreads: Sendable {
    /// The processor that each thread is kept on; nil: wherever the system likes.
    private let processors: [Int?]
    /// The one that fell asleep last stands last.
    private var sleeping: [Int] = []

    /// Threads that are all awake.
    init(processors: [Int?]) { self.processors = processors }

    var count: Int { sleeping.count }

    /// A thread has found nothing to do.
    mutating func sleep(_ thread: Int) { sleeping.append(thread) }

    /// The thread to wake for a call that a thread on `processor` brings; nil where all are awake.
    ///
    /// Where nothing else is going on it is the one that lives there: whoever brings the call is about to sleep, and another
    /// processor, which sleeps as well, would first have to be woken by an interrupt; in a virtual machine that takes longer than
    /// all else that is done for a small call. Otherwise it is the one whose caches are warmest.
    mutating func wake(near processor: Int?) -> Int? {
        if sleeping.count == processors.count, let processor,
            let place = sleeping.firstIndex(where: { processors[$0] == processor })
        {
            return sleeping.remove(at: place)
        }
        return sleeping.popLast()
    }

    /// At most so many threads to wake.
    mutating func wake(atMost count: Int) -> [Int] {
        let woken = Array(sleeping.suffix(max(0, count)))
        sleeping.removeLast(woken.count)
        return woken
    }
}

import Synchronization

/// How the calls of one method ended. Counting is one relaxed addition: no lock, and no order among counters.
final class CallCounters: Sendable {
    private let opened = Atomic<UInt64>(0)
    private let ended = InlineArray<17, Atomic<UInt64>> { _ in Atomic(0) }

    func open() { opened.add(1, ordering: .relaxed) }

    func end(_ code: StatusCode) { ended[code.rawValue].add(1, ordering: .relaxed) }

    /// Opened, and ended by status. What is not ended is open; ends are read first, so that this is never negative.
    var counts: (opened: UInt64, ended: [StatusCode: UInt64]) {
        var codes: [StatusCode: UInt64] = [:]
        for code in StatusCode.allCases {
            let count = ended[code.rawValue].load(ordering: .relaxed)
            if count > 0 { codes[code] = count }
        }
        return (opened.load(ordering: .relaxed), codes)
    }
}

/// How often a method was called since the server was made.
public struct CallCounts: Sendable, Equatable {
    /// The method.
    public let method: MethodDescriptor
    /// Calls whose headers were accepted.
    public let opened: UInt64
    /// Those that ended, by the status that was sent; CANCELLED also where the client left before one was.
    public let ended: [StatusCode: UInt64]

    /// Calls being received, handled or answered; a moment's figure, which other calls may have changed since.
    public var open: UInt64 {
        let ends = ended.values.reduce(0, +)
        return opened > ends ? opened - ends : 0
    }
}

extension MethodTable {
    /// The counts of every method registered, in the order of their paths.
    var callCounts: [CallCounts] {
        all.sorted { $0.method.path < $1.method.path }.map { entry in
            let counts = entry.counters.counts
            return CallCounts(method: entry.method, opened: counts.opened, ended: counts.ended)
        }
    }
}

internal import Synchronization

/// Records on their way from the threads that score to the one that writes: bounded, and nobody waits for it. A lane that
/// somebody else is in is passed by for the next one.
final class RecordQueue: Sendable {
    /// Why a record was not taken.
    enum Refusal: Equatable {
        /// Too many bytes wait already.
        case full
        /// Every lane was taken at that moment.
        case busy
    }

    private struct Lane {
        var records: [RequestLogRecord] = []
        var bytes = 0
    }

    private final class LaneBox: Sendable {
        let lane = Mutex(Lane())
    }

    private let lanes: [LaneBox]
    private let laneBytes: Int

    /// Room for so many bytes in all lanes together. Precondition: a lane at least.
    init(bytes: Int, lanes count: Int = 4) {
        precondition(count > 0, "a lane")
        lanes = (0..<count).map { _ in LaneBox() }
        laneBytes = bytes / count
    }

    /// Takes a record, or tells at once why not. `turn` spreads callers over the lanes.
    func add(_ record: RequestLogRecord, turn: Int) -> Refusal? {
        let bytes = record.byteCount
        var refusal = Refusal.busy
        for step in lanes.indices {
            let box = lanes[Int(UInt(bitPattern: turn) % UInt(lanes.count) + UInt(step)) % lanes.count]
            let isTaken = box.lane.withLockIfAvailable { lane in
                guard lane.bytes + bytes <= laneBytes else { return false }
                lane.records.append(record)
                lane.bytes += bytes
                return true
            }
            if isTaken == true { return nil }
            if isTaken == false { refusal = .full }
        }
        return refusal
    }

    /// Everything that waits, lane by lane. For the writing thread.
    func takeAll() -> [RequestLogRecord] {
        lanes.flatMap { box in
            box.lane.withLock { lane in
                defer { lane = Lane() }
                return lane.records
            }
        }
    }
}

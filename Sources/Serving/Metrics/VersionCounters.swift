import DIEN
import GRPC
import Messages
import Synchronization

/// What one version of a model has answered. Counting is relaxed additions, with no lock.
final class VersionCounters: Sendable {
    /// In the order of the counters below.
    static let roles = ["profile", "history", "candidates", "context"]

    /// From the arrival of a request to the begin of its scoring: queue, decoding, routing.
    let wait = DurationHistogram()
    /// From there to its scores.
    let scoring = DurationHistogram()
    /// Both together.
    let total = DurationHistogram()
    private let calls = InlineArray<17, Atomic<UInt64>> { _ in Atomic(0) }
    private let unknown = InlineArray<4, Atomic<UInt64>> { _ in Atomic(0) }
    private let candidateCount = Atomic<UInt64>(0)
    private let truncatedCount = Atomic<UInt64>(0)

    var candidates: UInt64 { candidateCount.load(ordering: .relaxed) }
    /// Requests of whose history the model used only the last behaviours.
    var truncatedHistories: UInt64 { truncatedCount.load(ordering: .relaxed) }

    /// Ids that the model does not know, by role.
    var unknownIDs: [UInt64] { Self.roles.indices.map { unknown[$0].load(ordering: .relaxed) } }

    /// Calls by status; OK always, others once there was one.
    var callsByStatus: [(code: StatusCode, count: UInt64)] {
        StatusCode.allCases.compactMap { code in
            let count = calls[code.rawValue].load(ordering: .relaxed)
            return count > 0 || code == .ok ? (code, count) : nil
        }
    }

    func count(_ code: StatusCode) { calls[code.rawValue].add(1, ordering: .relaxed) }

    /// - Parameter historyLength: of the request, before the model took its last behaviours.
    func count(_ scores: Scores, historyLength: Int) {
        candidateCount.add(UInt64(scores.probabilities.count), ordering: .relaxed)
        if historyLength > scores.historyLength { truncatedCount.add(1, ordering: .relaxed) }
        for ids in scores.unknownIDs {
            guard let role = Self.roles.firstIndex(of: ids.role.rawValue) else { continue }
            unknown[role].add(UInt64(ids.count), ordering: .relaxed)
        }
    }
}

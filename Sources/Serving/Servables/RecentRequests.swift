import DIEN
import Synchronization

/// The last requests of each model, which a new version is warmed up with: the real mix of lengths and candidates,
/// touching the rows of the tables that are in use.
final class RecentRequests: Sendable {
    /// How many requests of a model are kept.
    static let capacity = 64

    private struct Ring {
        var inputs: [RankingInput] = []
        var next = 0

        mutating func add(_ input: RankingInput) {
            if inputs.count < RecentRequests.capacity {
                inputs.append(input)
            } else {
                inputs[next] = input
            }
            next = (next + 1) % RecentRequests.capacity
        }
    }

    private let rings = Mutex<[String: Ring]>([:])

    /// Keeps a request that was answered. Its values are shared, not copied; while another thread is here, the request
    /// is skipped rather than waited for.
    func add(_ input: RankingInput, of model: String) {
        _ = rings.withLockIfAvailable { $0[model, default: Ring()].add(input) }
    }

    /// The requests kept, in no order.
    func of(_ model: String) -> [RankingInput] {
        rings.withLock { $0[model]?.inputs ?? [] }
    }
}

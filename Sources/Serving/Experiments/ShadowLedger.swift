import Experiment
import Synchronization

/// The comparisons of this replica's shadows with what answered, by model, versions and segment.
final class ShadowLedger: Sendable {
    /// Pairs of versions of one model that are kept; the one that was added to least recently goes first.
    static let maximumPairs = 4

    private struct Pair: Hashable {
        let model: String
        let version: UInt64
        let championVersion: UInt64
    }

    private struct State {
        var comparisons: [Pair: [ShadowSegment: ShadowComparison]] = [:]
        /// Least recently added to first.
        var order: [Pair] = []
    }

    private let state = Mutex(State())

    /// Adds what two versions made of one request, or of several of the same segments.
    func add(
        _ comparison: ShadowComparison, model: String, version: UInt64, championVersion: UInt64,
        to segments: [ShadowSegment]
    ) {
        let pair = Pair(model: model, version: version, championVersion: championVersion)
        state.withLock { state in
            for segment in segments {
                let sum = state.comparisons[pair]?[segment] ?? ShadowComparison()
                state.comparisons[pair, default: [:]][segment] = sum + comparison
            }
            guard state.order.last != pair else { return }
            state.order.removeAll { $0 == pair }
            state.order.append(pair)
            let ofModel = state.order.filter { $0.model == model }
            for old in ofModel.dropLast(Self.maximumPairs) {
                state.comparisons[old] = nil
                state.order.removeAll { $0 == old }
            }
        }
    }

    /// All comparisons of a model.
    func comparisons(of model: String) -> [ModelTally.ShadowKey: ShadowComparison] {
        state.withLock { state in
            var found: [ModelTally.ShadowKey: ShadowComparison] = [:]
            for (pair, segments) in state.comparisons where pair.model == model {
                for (segment, comparison) in segments {
                    found[
                        ModelTally.ShadowKey(
                            version: pair.version, championVersion: pair.championVersion, segment: segment)] =
                        comparison
                }
            }
            return found
        }
    }
}

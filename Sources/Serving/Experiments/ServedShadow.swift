import DIEN
import Experiment

/// A version that scores copies of the champion's requests, in this replica.
struct ServedShadow: Sendable {
    /// What scores them.
    let servable: Servable
    /// The part of requests that is copied, in basis points.
    let rate: UInt32
    /// What has come of it.
    let pair: ShadowPair

    /// Whether this request is one of those that are copied, of the version that the shadow is compared with.
    func samples(_ champion: Servable) -> Bool {
        champion.manifest == pair.versions.championManifest && pair.sample(rate: rate)
    }
}

/// A request that the champion has answered, to be scored by the shadow.
struct ShadowJob: Sendable {
    let shadow: ServedShadow
    let champion: Servable
    let columns: RankingInput
    /// As the champion resolved it.
    let input: ResolvedInput
    /// The champion's scores, which the caller got.
    let scores: Scores

    var pair: ShadowPair { shadow.pair }

    /// What kind of request it is.
    var segments: [ShadowSegment] {
        let ids = [columns.profile, columns.history, columns.candidates, columns.context].joined()
            .reduce(0) { $0 + $1.values.count }
        let unknown = scores.unknownIDs.reduce(0) { $0 + $1.count }
        return ShadowSegment.segments(
            history: scores.historyLength, unknownShare: Double(unknown) / Double(max(ids, 1)),
            candidates: scores.probabilities.count)
    }
}

import DIEN
import Measuring

extension RankingInput {
    /// Known ids drawn with a fixed seed; the time does not depend on them but for cache misses.
    static func random(for configuration: ModelConfiguration, history: Int, candidates: Int) -> RankingInput {
        var generator = SplitMix64(state: 1)
        return random(for: configuration, history: history, candidates: candidates, using: &generator)
    }

    /// Known ids that go on from those drawn before.
    static func random(
        for configuration: ModelConfiguration, history: Int, candidates: Int,
        using generator: inout SplitMix64
    ) -> RankingInput {
        func columns(_ features: [ModelConfiguration.Feature], _ count: Int) -> [FeatureColumn] {
            features.filter { $0.lookup == nil }.map { feature in
                let rows = configuration.tables.first { $0.name == feature.table }?.rows ?? 1
                let ids = (0..<count).map { _ in UInt64.random(in: 1...UInt64(rows - 1), using: &generator) }
                return FeatureColumn(name: feature.name, values: .ids(ids))
            }
        }
        return RankingInput(
            profile: columns(configuration.profile, 1), history: columns(configuration.history, history),
            candidates: columns(configuration.candidates, candidates),
            context: columns(configuration.context, 1))
    }
}

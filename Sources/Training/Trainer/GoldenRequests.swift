public import DIEN
public import Datasets

/// Real requests for a model folder's golden.jsonl, made of a data set's samples.
public enum GoldenRequests {
    /// Up to `count` histories of a split, spread over it, each with the targets of the next samples as its candidates.
    public static func make(
        _ dataset: Dataset, _ configuration: ModelConfiguration, count: Int = 16
    ) throws(TrainingError) -> [RankingInput] {
        let split: DatasetSplit = dataset.samples(.test).count > 0 ? .test : .train
        let samples = dataset.samples(split)
        let identities = try RequestIdentities(vocabularyPath: dataset.vocabularyPath, configuration)
        return (0..<min(count, samples.count)).map { number in
            let first = number * samples.count / min(count, samples.count)
            let columns = samples.columns([first], maxHistory: configuration.maxHistory)
            let candidates = (0..<min(8, samples.count)).map { samples.target((first + $0) % samples.count) }
            return identities.request(
                RankingRows(
                    profile: columns.profile.map { Int($0[0]) },
                    history: columns.history.map { $0.map { Int($0) } },
                    candidates: columns.targets.indices.map { feature in
                        candidates.map { Int($0[feature]) }
                    }))
        }
    }
}

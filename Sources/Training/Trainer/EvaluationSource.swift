internal import DIEN
internal import Datasets
public import Experiment
internal import Tensors

/// A split as an evaluation wants it: batches of near lengths, and the label and the user of each sample.
public struct EvaluationSource {
    private let source: BatchSource
    private let split: DatasetSplit
    private let labels: [Bool]
    private let groups: SampleGroups
    private let batches: [[Int]]
    /// Predictions do not depend on it, so it is what is fast.
    private static let batchSize = 512

    init(
        _ dataset: Dataset, _ split: DatasetSplit, _ configuration: ModelConfiguration, maxHistory: Int
    ) throws(TrainingError) {
        let samples = dataset.samples(split)
        guard samples.count > 0 else { throw .noSamples(split: split) }
        self.split = split
        source = BatchSource(samples, configuration, maxHistory: maxHistory, negatives: nil)
        labels = (0..<samples.count).map { samples.label($0) > 0.5 }
        groups = SampleGroups((0..<samples.count).map(samples.user))
        batches = BatchPlan(evaluating: source.lengths, batchSize: Self.batchSize).batches
    }

    /// The logit of each sample in evaluation mode, in the samples' order.
    private func logits(_ network: Network) -> [Double] {
        var result = [Double](repeating: 0, count: labels.count)
        for indices in batches {
            for (index, logit) in zip(indices, network.predict(source.batch(indices))) {
                result[index] = Double(logit)
            }
        }
        return result
    }

    /// The click probability of each sample.
    func probabilities(_ network: Network) -> [Double] { logits(network).map(Logistic.sigmoid) }

    /// The line that fits the network's logits to the split's clicks.
    func scaling(of network: Network) throws(TrainingError) -> PlattScaling {
        do { return try PlattScaling(LabelledScores(logits(network), labels: labels)) } catch {
            throw .evaluation(split: split, error)
        }
    }

    /// Every offline metric of the network on the split.
    public func evaluate(_ network: Network) throws(TrainingError) -> Evaluation {
        do {
            return try Evaluation(LabelledScores(probabilities(network), labels: labels), groups: groups)
        } catch { throw .evaluation(split: split, error) }
    }
}

internal import DIEN
internal import Tensors

/// The discriminator of the authors' program on [h; x]: norm → 100 σ → 50 σ → 2, class 0 = clicked.
///
/// The norm is folded into the first layer, whose part of h a positive and its negative share. Some pairs at a time go
/// through all layers and back, so that what is between them stays in the second-level cache.
final class AuxiliaryNetwork {
    private let folded: NormedWeights
    private let second: DenseLayer
    private let last: ScoreWeights
    private let worker: Worker
    private static let blockRows = 96
    private var interests = Matrix.empty  // h [R, H]
    private var inputs = Matrix.empty  // x [2R, D]: the positives, then the negatives
    private var shared = Matrix.empty  // h W + b [R, 100]
    private var first = Matrix.empty  // [2R, 100]
    private var logits = Matrix.empty  // z0 - z1 [1, 2R]
    private var toInterests = Matrix.empty
    private var toInputs = Matrix.empty
    private var part = Matrix.empty  // [R, D]

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        let hidden = configuration.hiddenSize
        let widths = [hidden + configuration.itemSize, 100, 50, 2]
        let norm = try NormLayer(parameters, worker, "auxiliary.norm", channels: widths[0])
        let (weight, bias) = try parameters.layer("auxiliary.0", inputs: widths[0], outputs: widths[1])
        folded = parameters.derived("auxiliary.0") {
            NormedWeights(norm, weight: weight, bias: bias, cut: hidden, workers: $0)
        }
        second = try DenseLayer(parameters, worker, "auxiliary.1", inputs: widths[1], outputs: widths[2])
        let score = try parameters.layer("auxiliary.2", inputs: widths[2], outputs: widths[3])
        last = parameters.derived("auxiliary.2") {
            ScoreWeights(weight: score.weight, bias: score.bias, workers: $0)
        }
        self.worker = worker
    }

    /// The summed loss of the pairs in some rows of [M, …], and its gradients times `factor`: adds to those given.
    func differentiate(
        previous: borrowing Matrix, behaviours: borrowing Matrix, negatives: borrowing Matrix, factor: Float,
        rows: Range<Int>, toPrevious: inout Matrix, toBehaviours: inout Matrix, toNegatives: inout Matrix
    ) -> Double {
        let kernels = worker.kernels
        var loss = 0.0
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockRows) {
            let count = min(Self.blockRows, rows.upperBound - start)
            interests.resize(rows: count, columns: previous.columns)
            kernels.copyPart(of: previous, row: start, into: &interests)
            part.resize(rows: count, columns: behaviours.columns)
            inputs.resize(rows: 2 * count, columns: behaviours.columns)
            kernels.copyPart(of: behaviours, row: start, into: &part)
            kernels.copy(part, into: &inputs)
            kernels.copyPart(of: negatives, row: start, into: &part)
            kernels.copy(part, into: &inputs, row: count)

            loss += forward(count, factor: factor)
            backward(count)

            kernels.add(toInterests, into: &toPrevious, row: start)
            kernels.copyPart(of: toInputs, into: &part)
            kernels.add(part, into: &toBehaviours, row: start)
            kernels.copyPart(of: toInputs, row: count, into: &part)
            kernels.add(part, into: &toNegatives, row: start)
        }
        return loss
    }

    /// Of R pairs: the loss, and in ``logits`` its slopes.
    private func forward(_ count: Int, factor: Float) -> Double {
        let kernels = worker.kernels
        kernels.dense(interests, folded.head.value, bias: folded.bias.value, into: &shared)
        first.resize(rows: 2 * count, columns: shared.columns)
        kernels.copy(shared, into: &first)
        kernels.copy(shared, into: &first, row: count)
        kernels.accumulate(inputs, folded.tail.value, into: &first)
        kernels.sigmoid(&first)
        second.forward(first)
        kernels.sigmoid(&second.output)
        kernels.scores(
            second.output, weights: last.weights.value, bias: last.bias.value[0, 0], into: &logits)
        return kernels.crossEntropy(&logits, 0..<count, label: 1, factor: factor)
            + kernels.crossEntropy(&logits, count..<2 * count, label: 0, factor: factor)
    }

    /// From the slopes to ``toInterests`` and ``toInputs``.
    private func backward(_ count: Int) {
        let kernels = worker.kernels
        let index = worker.index
        last.addBias(logits, worker)
        kernels.scoresBackward(
            logits, weights: last.weights.value, values: &second.output,
            weightGradient: &last.weights.shares[index].sum)
        second.backward(second.output, input: first)
        kernels.sigmoidBackward(&second.toInput, outputs: first)
        kernels.accumulateTransposed(inputs, second.toInput, into: &folded.tail.shares[index].sum)
        kernels.product(second.toInput, folded.tail.transposed, into: &toInputs)
        // Both rows of a pair have the same h.
        kernels.copyPart(of: second.toInput, into: &shared)
        kernels.addPart(of: second.toInput, row: count, into: &shared)
        kernels.accumulateTransposed(interests, shared, into: &folded.head.shares[index].sum)
        kernels.addColumnSums(of: shared, into: &folded.bias.shares[index].sum)
        kernels.product(shared, folded.head.transposed, into: &toInterests)
    }
}

internal import DIEN
internal import Tensors

/// The auxiliary loss (arXiv 1809.03672, "Interest Extractor Layer"): the interest h_t tells the next behaviour from a
/// sampled one. The mean over the valid pairs t → t + 1 of -log p(positive) - log(1 - p(negative)), 0 without a pair.
///
/// Packed, the pairs are the rows but those of the first steps: the state before a row's step, and its own behaviour.
final class AuxiliaryLoss {
    private let discriminator: Discriminator
    private let worker: Worker
    private var logits = Matrix.empty
    private var toPrevious = Matrix.empty

    /// The logit of a click, of [h; x].
    private enum Discriminator {
        /// <h, x>: preset paper.
        case innerProduct
        /// Preset reference.
        case network(AuxiliaryNetwork)
    }

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        switch configuration.preset {
        case .reference: discriminator = .network(try AuxiliaryNetwork(parameters, worker, configuration))
        case .paper:
            guard configuration.hiddenSize == configuration.itemSize else {
                throw .unequalWidths(hidden: configuration.hiddenSize, item: configuration.itemSize)
            }
            discriminator = .innerProduct
        }
        self.worker = worker
    }

    /// The summed loss of the pairs, and its gradient times `factor`: adds to those of the states, behaviours and negatives.
    /// Previous states [M, H], behaviours and negatives [M, D].
    func differentiate(
        previous: borrowing Matrix, behaviours: borrowing Matrix, negatives: borrowing Matrix, factor: Float,
        toStates: inout Matrix, toBehaviours: inout Matrix, toNegatives: inout Matrix, _ packing: Packing
    ) -> Double {
        toPrevious.clear(rows: previous.rows, columns: previous.columns)
        let first = packing.counts.first ?? 0
        var loss = 0.0
        switch discriminator {
        case .innerProduct:
            loss += innerProduct(
                previous, behaviours, label: 1, factor, toBehaviours: &toBehaviours, first: first)
            loss += innerProduct(
                previous, negatives, label: 0, factor, toBehaviours: &toNegatives, first: first)
        case .network(let network):
            loss = network.differentiate(
                previous: previous, behaviours: behaviours, negatives: negatives, factor: factor,
                rows: first..<packing.rows, toPrevious: &toPrevious, toBehaviours: &toBehaviours,
                toNegatives: &toNegatives)
        }
        worker.kernels.addPackedShift(of: toPrevious, into: &toStates, packing)
        return loss
    }

    /// l = <h, x>: dh = dl x, dx = dl h.
    private func innerProduct(
        _ previous: borrowing Matrix, _ behaviours: borrowing Matrix, label: Float, _ factor: Float,
        toBehaviours: inout Matrix, first: Int
    ) -> Double {
        let kernels = worker.kernels
        kernels.rowDots(previous, behaviours, into: &logits)
        for row in 0..<first { logits[0, row] = 0 }
        let loss = kernels.crossEntropy(&logits, first..<logits.columns, label: label, factor: factor)
        kernels.addScaledRows(behaviours, by: logits, into: &toPrevious)
        kernels.addScaledRows(previous, by: logits, into: &toBehaviours)
        return loss
    }
}

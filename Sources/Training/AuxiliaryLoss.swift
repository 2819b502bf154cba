internal import DIEN
internal import Tensors

/// The auxiliary loss (arXiv 1809.03672, "Interest Extractor Layer"): the interest h_t tells the next behaviour from a
/// sampled one. The mean over the valid pairs t → t + 1 of -log p(positive) - log(1 - p(negative)), 0 without a pair.
struct AuxiliaryLoss {
    private let discriminator: Discriminator

    /// The logit of a click, of [h; x].
    private enum Discriminator {
        /// <h, x>: preset paper.
        case innerProduct(hidden: Int)
        /// Preset reference.
        case network(AuxiliaryNetwork)
    }

    /// What the backward pass needs: the positives' P rows, then the negatives'.
    struct Pass: ~Copyable {
        fileprivate let inputs: Matrix  // [2P, H + D]
        fileprivate let network: AuxiliaryNetwork.Pass
        fileprivate let logits: [Double]
        let loss: Double
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        switch configuration.preset {
        case .reference: discriminator = .network(try AuxiliaryNetwork(parameters, configuration))
        case .paper:
            guard configuration.hiddenSize == configuration.itemSize else {
                throw .unequalWidths(hidden: configuration.hiddenSize, item: configuration.itemSize)
            }
            discriminator = .innerProduct(hidden: configuration.hiddenSize)
        }
    }

    /// The rows (t, b) and (t + 1, b) of every pair: packed, the second ones are all rows but those of step 0.
    private static func pairs(_ layout: SequenceLayout) -> [(now: Int, next: Int)] {
        layout.counts.indices.dropFirst().flatMap { t in
            (0..<layout.counts[t]).map { (layout.row(t - 1, $0), layout.row(t, $0)) }
        }
    }

    /// Interests [M, H], behaviours and negatives [M, D].
    func forward(
        interests: borrowing Matrix, behaviours: borrowing Matrix, negatives: borrowing Matrix,
        _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Pass {
        let pairs = Self.pairs(layout)
        let hidden = interests.columns
        var inputs = Matrix(rows: 2 * pairs.count, columns: hidden + behaviours.columns)
        for (p, pair) in pairs.enumerated() {
            inputs.copyRow(pair.now, of: interests, toRow: p, column: 0)
            inputs.copyRow(pair.next, of: behaviours, toRow: p, column: hidden)
            inputs.copyRow(pair.now, of: interests, toRow: pairs.count + p, column: 0)
            inputs.copyRow(pair.next, of: negatives, toRow: pairs.count + p, column: hidden)
        }
        let network = networkPass(inputs, kernels)
        let logits = logits(inputs, network)
        var loss = 0.0
        for (row, logit) in logits.enumerated() {
            loss += BinaryCrossEntropy.loss(logit: logit, label: row < pairs.count ? 1 : 0)
        }
        return Pass(
            inputs: inputs, network: network, logits: logits,
            loss: pairs.isEmpty ? 0 : loss / Double(pairs.count))
    }

    private func networkPass(_ inputs: borrowing Matrix, _ kernels: Kernels) -> AuxiliaryNetwork.Pass {
        guard case .network(let network) = discriminator else { return AuxiliaryNetwork.Pass() }
        return network.forward(inputs, kernels)
    }

    private func logits(_ inputs: borrowing Matrix, _ pass: borrowing AuxiliaryNetwork.Pass) -> [Double] {
        var logits: [Double] = []
        for row in 0..<inputs.rows {
            switch discriminator {
            case .network: logits.append(Double(pass.logits[row, 0]) - Double(pass.logits[row, 1]))
            case .innerProduct(let hidden):
                var sum = 0.0
                for j in 0..<hidden { sum += Double(inputs[row, j]) * Double(inputs[row, hidden + j]) }
                logits.append(sum)
            }
        }
        return logits
    }

    /// Adds the gradients of `weight` times the loss.
    func backward(
        _ pass: borrowing Pass, weight: Float, interests: inout Matrix, behaviours: inout Matrix,
        negatives: inout Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) {
        let pairs = Self.pairs(layout)
        let share = Double(weight) / Double(max(pairs.count, 1))
        let slopes = pass.logits.enumerated().map { row, logit in
            Float(BinaryCrossEntropy.slope(logit: logit, label: row < pairs.count ? 1 : 0) * share)
        }
        let inputs = inputGradients(slopes, pass, kernels)
        let hidden = interests.columns
        for (p, pair) in pairs.enumerated() {
            let n = pairs.count + p
            for j in 0..<hidden { interests[pair.now, j] += inputs[p, j] + inputs[n, j] }
            for j in 0..<behaviours.columns {
                behaviours[pair.next, j] += inputs[p, hidden + j]
                negatives[pair.next, j] += inputs[n, hidden + j]
            }
        }
    }

    private func inputGradients(_ slopes: [Float], _ pass: borrowing Pass, _ kernels: Kernels) -> Matrix {
        switch discriminator {
        case .network(let network):
            return network.backward(slopes, pass.network, inputs: pass.inputs, kernels)
        case .innerProduct(let hidden):
            var result = Matrix(rows: pass.inputs.rows, columns: pass.inputs.columns)
            for (row, slope) in slopes.enumerated() {
                for j in 0..<hidden {
                    result[row, j] = slope * pass.inputs[row, hidden + j]
                    result[row, hidden + j] = slope * pass.inputs[row, j]
                }
            }
            return result
        }
    }
}

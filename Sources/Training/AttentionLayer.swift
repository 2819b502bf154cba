internal import DIEN
internal import Tensors

/// Attention of each target on the packed facts of its history: the softmax over a sequence of the pair's score.
struct AttentionLayer {
    private let score: Score

    private enum Score {
        case bilinear(DenseLayer)  // W e, [D] → [F]
        case network(NetworkScore)
    }

    /// What the backward pass needs.
    struct Pass: ~Copyable {
        /// a [M, 1].
        let weights: Matrix
        /// W e (bilinear), or the network's query before its PReLU [B, F].
        fileprivate let queries: Matrix
        fileprivate let network: NetworkScore.Pass
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        if configuration.attentionHidden.isEmpty {
            score = .bilinear(
                DenseLayer(
                    weight: try parameters.weight(
                        "attention.weight", inputs: configuration.itemSize,
                        outputs: 0..<configuration.hiddenSize, of: configuration.hiddenSize),
                    bias: nil))
        } else {
            score = .network(try NetworkScore(parameters, configuration))
        }
    }

    /// Targets [B, D] and facts [M, F] → weights [M, 1].
    func forward(
        targets: borrowing Matrix, facts: borrowing Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Pass {
        switch score {
        case .bilinear(let projection):
            let queries = projection.forward(targets, kernels)
            var scores = Matrix(rows: facts.rows, columns: 1)
            for (m, b) in layout.sequences.enumerated() {
                var sum: Float = 0
                for j in 0..<facts.columns { sum += queries[b, j] * facts[m, j] }
                scores[m, 0] = sum
            }
            Self.softmax(&scores, layout, kernels)
            return Pass(weights: scores, queries: queries, network: .init())
        case .network(let network):
            let queries = network.projected(targets, kernels)
            let pass = network.forward(queries: queries, facts: facts, layout, kernels)
            var weights = pass.scores.copy()
            Self.softmax(&weights, layout, kernels)
            return Pass(weights: weights, queries: queries, network: pass)
        }
    }

    /// Gradient of the weights [M, 1]; adds to those of the targets [B, D] and of the facts [M, F].
    func backward(
        _ gradient: borrowing Matrix, _ pass: borrowing Pass, targets: borrowing Matrix,
        facts: borrowing Matrix, toTargets: inout Matrix, toFacts: inout Matrix, _ layout: SequenceLayout,
        _ kernels: Kernels
    ) {
        let scores = Self.softmaxBackward(gradient, weights: pass.weights, layout)
        switch score {
        case .bilinear(let projection):
            var toQueries = Matrix(rows: targets.rows, columns: facts.columns)
            for (m, b) in layout.sequences.enumerated() {
                let ds = scores[m, 0]
                for j in 0..<facts.columns {
                    toQueries[b, j] += ds * facts[m, j]
                    toFacts[m, j] += ds * pass.queries[b, j]
                }
            }
            toTargets.add(projection.backward(toQueries, input: targets, kernels))
        case .network(let network):
            network.backward(
                scores, pass.network, queries: pass.queries, targets: targets, facts: facts,
                toTargets: &toTargets, toFacts: &toFacts, layout, kernels)
        }
    }

    /// In place: the scores of each sequence become its weights.
    private static func softmax(_ scores: inout Matrix, _ layout: SequenceLayout, _ kernels: Kernels) {
        for (b, length) in layout.lengths.enumerated() where length > 0 {
            var row = Matrix(rows: 1, columns: length)
            for t in 0..<length { row[0, t] = scores[layout.row(t, b), 0] }
            kernels.softmax(&row)
            for t in 0..<length { scores[layout.row(t, b), 0] = row[0, t] }
        }
    }

    /// ds_t = a_t (da_t - Σ_u a_u da_u).
    private static func softmaxBackward(
        _ gradient: borrowing Matrix, weights: borrowing Matrix, _ layout: SequenceLayout
    ) -> Matrix {
        var result = Matrix(rows: weights.rows, columns: 1)
        for (b, length) in layout.lengths.enumerated() {
            var mean: Float = 0
            for t in 0..<length {
                let m = layout.row(t, b)
                mean += weights[m, 0] * gradient[m, 0]
            }
            for t in 0..<length {
                let m = layout.row(t, b)
                result[m, 0] = weights[m, 0] * (gradient[m, 0] - mean)
            }
        }
        return result
    }
}

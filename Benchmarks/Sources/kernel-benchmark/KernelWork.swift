import Tensors

/// The sizes of a model that decide the shapes of its kernels' work.
struct ModelShape {
    let size: Int
    let steps: Int
    let candidates: Int
    let attention = (first: 80, second: 40)
    let head = (first: 200, second: 80)
}

/// One kernel with inputs to run on, and what it computes in one run.
struct KernelWork {
    let name: String
    let shape: String
    let flop: Int
    let transcendentals: Int
    let run: () -> Void

    static func all(_ shape: ModelShape, _ kernels: Kernels) -> [KernelWork] {
        let (size, steps, count) = (shape.size, shape.steps, shape.candidates)
        let pairs = steps * count
        return [
            dense("dense, input projections", rows: steps, outputs: 3 * size, inputs: size, kernels),
            dense("dense, pairs to attention", rows: pairs, outputs: 80, inputs: size, kernels),
            dense("dense, head 1", rows: count, outputs: 200, inputs: 18 + 4 * size, kernels),
            dense("dense, head 2", rows: count, outputs: 80, inputs: 200, kernels),
            gru(shape, kernels),
            attentionGRU("augru", .gate(.reference), shape, kernels),
            attentionGRU(
                "aigru",
                .inputs(
                    InputBias(
                        gates: PackedVector(.random(2 * size)), candidate: PackedVector(.random(size)))),
                shape, kernels),
            attentionScores(shape, kernels),
            activation("softmax", rows: count, columns: steps) { kernels.softmax(&$0.matrix) },
            activation("sigmoid", rows: count, columns: 2 * size) { kernels.sigmoid(&$0.matrix) },
            activation("tanh", rows: count, columns: size) { kernels.tanh(&$0.matrix) },
        ]
    }

    private static func dense(_ name: String, rows: Int, outputs: Int, inputs: Int, _ kernels: Kernels)
        -> Self
    {
        let input = Buffer(.random(rows: rows, columns: inputs))
        let output = Buffer(Matrix(rows: rows, columns: outputs))
        let weights = PackedMatrix(.random(outputs * inputs, scale: 0.1), outputs: outputs, inputs: inputs)
        let bias = PackedVector(.random(outputs))
        return KernelWork(
            name: name, shape: "\(rows) x \(outputs) x \(inputs)", flop: 2 * rows * outputs * inputs,
            transcendentals: 0
        ) { kernels.dense(input.matrix, weights, bias: bias, into: &output.matrix) }
    }

    private static func gru(_ shape: ModelShape, _ kernels: Kernels) -> Self {
        let (size, steps) = (shape.size, shape.steps)
        let weights = RecurrentWeights.random(size)
        let inputs = ProjectionBuffer(steps: steps, hidden: size)
        let states = Buffer(Matrix(rows: steps, columns: size))
        return KernelWork(
            name: "gru", shape: "T \(steps), H \(size)", flop: 6 * size * size * steps,
            transcendentals: 3 * size * steps
        ) { kernels.gru(weights, inputs.projections, into: &states.matrix, scratch: &states.scratch) }
    }

    private static func attentionGRU(
        _ name: String, _ cell: AttentionCell, _ shape: ModelShape, _ kernels: Kernels
    ) -> Self {
        let (size, steps, count) = (shape.size, shape.steps, shape.candidates)
        let weights = RecurrentWeights.random(size)
        let inputs = ProjectionBuffer(steps: steps, hidden: size)
        var weightsOfSteps = Matrix.random(rows: count, columns: steps)
        kernels.softmax(&weightsOfSteps)
        let attention = Buffer(weightsOfSteps)
        let states = Buffer(Matrix(rows: count, columns: size))
        return KernelWork(
            name: name, shape: "N \(count), T \(steps), H \(size)", flop: 6 * size * size * steps * count,
            transcendentals: 3 * size * steps * count
        ) {
            kernels.attentionGRU(
                weights, cell: cell, inputs.projections, attention: attention.matrix,
                into: &states.matrix,
                scratch: &states.scratch)
        }
    }

    private static func attentionScores(_ shape: ModelShape, _ kernels: Kernels) -> Self {
        let (size, steps, count) = (shape.size, shape.steps, shape.candidates)
        let (first, second) = shape.attention
        let network = AttentionNetwork(
            product: .random(outputs: first, inputs: size), second: .random(outputs: second, inputs: first),
            secondBias: PackedVector(.random(second)), score: PackedVector(.random(second)), scoreBias: 0.1)
        let queries = Buffer(.random(rows: count, columns: size))
        let queryParts = Buffer(.random(rows: count, columns: first))
        let facts = Buffer(.random(rows: steps, columns: size))
        let keyParts = Buffer(.random(rows: steps, columns: first))
        let scores = Buffer(Matrix(rows: count, columns: steps))
        return KernelWork(
            name: "attention_scores", shape: "N \(count), T \(steps), \(size)-\(first)-\(second)-1",
            flop: 2 * (first * size + second * first + second) * steps * count,
            transcendentals: (first + second) * steps * count
        ) {
            kernels.attentionScores(
                network, queries: queries.matrix, queryParts: queryParts.matrix, facts: facts.matrix,
                keyParts: keyParts.matrix, into: &scores.matrix, scratch: &scores.scratch)
        }
    }

    private static func activation(
        _ name: String, rows: Int, columns: Int, _ body: @escaping (Buffer) -> Void
    ) -> Self {
        let buffer = Buffer(.random(rows: rows, columns: columns))
        return KernelWork(
            name: name, shape: "\(rows) x \(columns)", flop: 0, transcendentals: rows * columns
        ) { body(buffer) }
    }
}

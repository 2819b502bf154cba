internal import Tensors

extension InterestEvolution {
    /// The states after every step, one [T, H] a candidate: of these ``evolve`` keeps the last alone.
    ///
    /// For explanations: it runs an attention GRU over every prefix of the history, T² / 2 steps a candidate, with the
    /// very kernels that score, so that the state after the last step has the bits that the head saw.
    func trace(
        _ interests: borrowing Matrix, attention: borrowing Matrix, _ kernels: Kernels
    ) -> [[[Float]]] {
        switch cell {
        case .pooling:
            let states = gru.states(over: interests, kernels).rowElements()
            return Array(repeating: states, count: attention.rows)
        case .input:
            return (0..<attention.rows).map { n in
                gru.states(over: scaled(interests, by: attention.row(n)), kernels).rowElements()
            }
        case .gate(let gate):
            return trace(of: gate, gru.projections(of: interests, kernels), attention, kernels)
        }
    }

    private func trace(
        of gate: AttentionGate, _ projections: borrowing Projections, _ attention: borrowing Matrix,
        _ kernels: Kernels
    ) -> [[[Float]]] {
        var scratch = KernelScratch()
        var traces = [[[Float]]](repeating: [], count: attention.rows)
        for steps in 0..<attention.columns {
            var prefix = Projections(steps: steps + 1, hidden: gru.recurrent.hidden)
            var weights = Matrix(rows: attention.rows, columns: steps + 1)
            for t in 0...steps {
                prefix.gates.copyRow(t, of: projections.gates, toRow: t, column: 0)
                prefix.candidate.copyRow(t, of: projections.candidate, toRow: t, column: 0)
                for n in 0..<attention.rows { weights[n, t] = attention[n, t] }
            }
            var states = Matrix(rows: attention.rows, columns: gru.recurrent.hidden)
            kernels.augru(
                gru.recurrent, gate: gate, prefix, attention: weights, into: &states, scratch: &scratch)
            for (n, state) in states.rowElements().enumerated() { traces[n].append(state) }
        }
        return traces
    }
}

extension Matrix {
    /// Each row as an array.
    func rowElements() -> [[Float]] {
        (0..<rows).map { r in
            let row = row(r)
            return (0..<columns).map { row[$0] }
        }
    }
}

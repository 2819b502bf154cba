internal import Tensors

extension Interest {
    /// The users' side of the steps in `workspace.behaviours` [R, D], segment after segment, which go on from the users'
    /// rows of `workspace.lastInterests` and `workspace.lastFacts`: fills the segments' rows, and moves both on.
    func extend(_ segments: [HistorySegment], _ kernels: Kernels, _ workspace: inout Workspace) {
        switch self {
        case .sum: return
        case .pooled(let attention):
            var first = 0
            for segment in segments {
                var steps = segment.user.rows.steps(segment.steps)
                kernels.copyPart(of: workspace.behaviours, row: first, into: &steps.facts)
                attention.project(facts: steps.facts, kernels, into: &steps.keyParts)
                first += segment.steps.count
            }
        case .evolving(let extractor, let evolution):
            extractor.gru.project(workspace.behaviours, kernels, into: &workspace.projections)
            extractor.gru.run(
                segments, from: &workspace.lastInterests, workspace.projections, kernels,
                into: &workspace.interests, &workspace.scratch)
            if case .pooling = evolution.cell {
                let count = workspace.behaviours.rows
                workspace.secondInputs.resize(rows: count, columns: workspace.interests.columns)
                kernels.copyPart(
                    of: workspace.interests, row: segments.count, into: &workspace.secondInputs)
                evolution.gru.project(workspace.secondInputs, kernels, into: &workspace.projections)
                evolution.gru.run(
                    segments, from: &workspace.lastFacts, workspace.projections, kernels,
                    into: &workspace.interests, &workspace.scratch)
            }
            var first = segments.count
            for segment in segments {
                var steps = segment.user.rows.steps(segment.steps)
                kernels.copyPart(of: workspace.interests, row: first, into: &steps.facts)
                workspace.lastFacts.copyRow(
                    segment.steps.count - 1, of: steps.facts, toRow: segment.user.index, column: 0)
                evolution.project(steps.facts, kernels, into: &steps.projections)
                evolution.attention.project(facts: steps.facts, kernels, into: &steps.keyParts)
                first += segment.steps.count
            }
        }
    }
}

extension GRU {
    /// The states of the segments' steps, from and into the users' rows of `last`: `states` gets a row a segment of where it
    /// starts, and then the steps.
    fileprivate func run(
        _ segments: [HistorySegment], from last: inout Matrix, _ projections: borrowing Projections,
        _ kernels: Kernels, into states: inout Matrix, _ scratch: inout KernelScratch
    ) {
        states.resize(rows: segments.count + projections.gates.rows, columns: recurrent.hidden)
        var sequences: [GRUSequence] = []
        var first = 0
        for (s, segment) in segments.enumerated() {
            states.copyRow(segment.user.index, of: last, toRow: s, column: 0)
            sequences.append(
                GRUSequence(
                    inputs: first..<first + segment.steps.count, initial: s, states: segments.count + first))
            first += segment.steps.count
        }
        kernels.gru(recurrent, projections, sequences, into: &states, scratch: &scratch)
        for (segment, sequence) in zip(segments, sequences) {
            last.copyRow(
                sequence.states + segment.steps.count - 1, of: states, toRow: segment.user.index, column: 0)
        }
    }
}

extension InterestEvolution {
    /// The input half of the second GRU, of interests [k, H].
    fileprivate func project(
        _ interests: borrowing Matrix, _ kernels: Kernels, into projections: inout Projections
    ) {
        switch cell {
        case .pooling: return
        case .input(let products): products.project(interests, kernels, into: &projections)
        case .gate: gru.project(interests, kernels, into: &projections)
        }
    }
}

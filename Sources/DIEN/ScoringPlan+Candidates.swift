internal import Tensors

/// A candidate of a block that has to be computed.
struct MissingCandidate: Sendable {
    /// The part of the block.
    let part: Int
    /// Which of its request's candidates.
    let candidate: Int
    /// The row of the block.
    let row: Int
    let place: CandidateCache.Place
}

extension ScoringPlan {
    /// The largest block whose candidates are looked for: products of more rows are as fast as copies of what they give
    /// (`scoring-benchmark candidates`).
    static let sparingCandidates = Kernels.candidateRows

    /// What a block's candidates are by themselves, `workspace.candidates`: as it was kept, or computed and kept.
    func fillCandidates(_ parts: [BlockPart], _ workspace: inout Workspace) {
        let count = parts.reduce(0) { $0 + $1.candidates.count }
        workspace.candidates.resize(rows: count, candidateColumns)
        guard let candidateCache, count <= Self.sparingCandidates else {
            var row = 0
            for part in parts {
                embeddings.copyVectors(
                    of: part.input.candidates, part.candidates, into: &workspace.candidates.targets, row: row)
                row += part.candidates.count
            }
            return compute(&workspace.candidates)
        }
        findCandidates(parts, candidateCache, &workspace)
        if !workspace.missing.isEmpty { computeMissing(parts, candidateCache, &workspace) }
    }

    /// The rest of what stands beside targets.
    private func compute(_ candidates: inout CandidateParts) {
        interest.attention?.project(
            targets: candidates.targets, kernels, into: &candidates.queries, parts: &candidates.queryParts)
        head.project(targets: candidates.targets, kernels, into: &candidates.headParts)
    }

    /// Copies what is there, and notes in `workspace.missing` what is not.
    private func findCandidates(
        _ parts: [BlockPart], _ cache: CandidateCache, _ workspace: inout Workspace
    ) {
        workspace.missing.removeAll(keepingCapacity: true)
        var row = 0
        for (index, part) in parts.enumerated() {
            for candidate in part.candidates {
                let place = cache.place(of: part.input.candidates, candidate)
                let isThere = cache.copy(
                    part.input.candidates, candidate, at: place, into: &workspace.candidates, row: row)
                if !isThere {
                    workspace.missing.append(
                        MissingCandidate(part: index, candidate: candidate, row: row, place: place))
                }
                row += 1
            }
        }
    }

    /// Computes what is missing side by side: the bits of a row do not depend on the others.
    private func computeMissing(
        _ parts: [BlockPart], _ cache: CandidateCache, _ workspace: inout Workspace
    ) {
        workspace.computed.resize(rows: workspace.missing.count, candidateColumns)
        for (row, missing) in workspace.missing.enumerated() {
            embeddings.copyVectors(
                of: parts[missing.part].input.candidates, missing.candidate..<missing.candidate + 1,
                into: &workspace.computed.targets, row: row)
        }
        compute(&workspace.computed)
        for (row, missing) in workspace.missing.enumerated() {
            workspace.candidates.copyRow(row, of: workspace.computed, toRow: missing.row)
            cache.insert(
                parts[missing.part].input.candidates, missing.candidate, at: missing.place,
                from: workspace.computed, row: row)
        }
    }
}

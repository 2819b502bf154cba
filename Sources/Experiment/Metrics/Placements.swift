/// The placement of each sample among those of the other class: the share of negatives that a positive stands above, the
/// share of positives that a negative stands below, ties counting one half (DeLong's structural components). Their mean
/// is the area under the ROC curve, in either class.
struct Placements {
    /// One a sample, in the samples' order.
    let values: [Double]
    /// The area under the curve, from the exact integer count of pairs.
    let area: Double

    /// One sort, one walk over the groups of equal scores. Throws unless both classes are there.
    init(_ samples: LabelledScores) throws(MetricError) {
        try samples.checkBothClasses()
        let scores = samples.scores
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        let positives = Double(samples.positives)
        let negatives = Double(samples.negatives)
        var values = [Double](repeating: 0, count: order.count)
        var below = PairCount()
        var start = 0
        while start < order.count {
            let tied = order[start...].prefix { scores[$0] == scores[order[start]] }
            let tiedPositives = tied.count { samples.labels[$0] }
            let ties = (positives: tiedPositives, negatives: tied.count - tiedPositives)
            for sample in tied {
                values[sample] =
                    samples.labels[sample]
                    ? (Double(below.negatives) + Double(ties.negatives) / 2) / negatives
                    : (positives - Double(below.positives) - Double(ties.positives) / 2) / positives
            }
            below.add(positives: ties.positives, negatives: ties.negatives)
            start = tied.endIndex
        }
        self.values = values
        area = below.area
    }
}

/// Counts pairs of one positive and one negative in rising order of score: an exact integer, so that the area does not
/// depend on the order in which samples of one score come.
struct PairCount {
    private(set) var positives = 0
    private(set) var negatives = 0
    /// Twice the pairs in the right order, a tied pair counting one half.
    private var doubledPairs = 0

    /// The next higher score, with so many samples of each class.
    mutating func add(positives: Int, negatives: Int) {
        doubledPairs += positives * (2 * self.negatives + negatives)
        self.positives += positives
        self.negatives += negatives
    }

    /// The share of pairs in the right order; needs both classes.
    var area: Double { Double(doubledPairs) / (2 * Double(positives) * Double(negatives)) }
}

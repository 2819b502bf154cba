import Testing

@testable import Experiment

/// The statistics against SciPy and against the definitions, and against figures that others have published.
@Suite struct StatisticsVectorTests {
    let vectors: StatisticsVectors

    init() throws { vectors = try StatisticsVectors.read() }

    @Test func `tails and quantiles of chi squared and of the normal distribution`() {
        for row in vectors.chiSquared.tails {
            let tail = ChiSquared.upperTail(row[0], degrees: Int(row[1]))
            #expect(isClose(tail, row[2], within: 1e-11), "x \(row[0]), \(row[1]) degrees")
        }
        for row in vectors.chiSquared.quantiles {
            #expect(
                isClose(ChiSquared.quantile(upperTail: 0.05, degrees: Int(row[0])), row[1], within: 1e-11))
        }
        for row in vectors.normalQuantiles {
            #expect(isClose(NormalDistribution.quantile(row[0]), row[1], within: 1e-12))
        }
    }

    @Test func `a ratio over buckets and the gain of one arm over another`() throws {
        let expected = vectors.ratios
        let arms = try (0..<2).map {
            try #require(
                BucketRatio(numerators: expected.numerators[$0], denominators: expected.denominators[$0]))
        }
        for (arm, index) in zip(arms, 0...) {
            #expect(isClose(arm.estimate.value, expected.values[index]))
            #expect(isClose(arm.estimate.variance, expected.variances[index]))
        }
        let gain = try #require(BucketRatio.gain(of: arms[1], over: arms[0]))
        #expect(isClose(gain.value, expected.gain, within: 1e-10))
        #expect(isClose(gain.variance, expected.gainVariance, within: 1e-6))
        let difference = BucketRatio.difference(arms[1], arms[0])
        #expect(isClose(difference.variance, expected.variances[0] + expected.variances[1]))
    }

    @Test func `the evidence of counts is the mixture over the multinomial`() throws {
        for row in vectors.evidence {
            let test = try #require(SequentialCountTest(shares: row.shares))
            #expect(
                abs(test.logEvidence(row.counts) - row.logEvidence) <= 1e-9 * max(1, abs(row.logEvidence)))
        }
    }

    @Test(arguments: [
        ([20, 5], [0.5, 0.5], 3.190086), ([150, 100], [0.5, 0.5], 2.475592),
        ([1000, 1200], [0.5, 0.5], 5.476669), ([310, 98], [0.75, 0.25], -2.833218),
    ])
    func `the evidence of known counts`(counts: [Int], shares: [Double], expected: Double) throws {
        #expect(abs(try #require(SequentialCountTest(shares: shares)).logEvidence(counts) - expected) < 1e-6)
    }

    /// The test of Optimizely's ssrm: units A, B, A, B, C at shares of 0.4, 0.4, 0.2.
    @Test func `the evidence grows as in ssrm`() throws {
        let test = try #require(SequentialCountTest(shares: [0.4, 0.4, 0.2]))
        let marginal = [-1.0986, -2.4849, -3.4012, -4.4998, -6.4457]
        let null = [-0.9163, -1.8326, -2.7489, -3.6652, -5.2746]
        var counts = [0, 0, 0]
        for (step, arm) in [0, 1, 0, 1, 2].enumerated() {
            counts[arm] += 1
            #expect(abs(test.logEvidence(counts) - (marginal[step] - null[step])) < 2e-4)
        }
    }

    /// GrowthBook's tests of its p-value.
    @Test(
        arguments: [
            ([1000, 1200], [0.5, 0.5], 0.000020079), ([135, 115], [0.5, 0.5], 0.205903211),
            ([310, 98], [0.75, 0.25], 0.647434186), ([1000], [1.0], 1.0),
        ] as [([Int], [Double], Double)])
    func `the sample ratio gives what GrowthBook gives`(units: [Int], weights: [Double], expected: Double) {
        #expect(abs(SampleRatio.pValue(units: units, weights: weights) - expected) < 1e-9)
    }

    @Test func `the confidence sequence has the width of gbstats`() {
        let sequence = ConfidenceSequence(alpha: 0.05, tuning: 5000)
        #expect(abs(sequence.mixture - 0.039840067) < 1e-9)
        #expect(abs(sequence.halfWidth(count: 20000) - 0.022112036) < 1e-9)
        #expect(sequence.halfWidth(count: 0) == .infinity)
    }

    @Test func `the mixture ratio of known clicks`() {
        var test = MixtureSPRT(mixtureVariance: 1e-4)
        let ratio = test.likelihoodRatio(count: 10000, clicks: 300, otherClicks: 350)
        #expect(abs(ratio - 1.578814) < 1e-6)
        test.look(count: 10000, clicks: 300, otherClicks: 350)
        test.look(count: 11000, clicks: 330, otherClicks: 330)
        #expect(isClose(test.pValue, 1 / ratio))
    }

    @Test func `Mann-Whitney's interval, shift and effect`() throws {
        for row in vectors.mannWhitney {
            let test = try #require(MannWhitney(row.experiment, row.control))
            #expect(abs(test.shift - row.shift) < 1e-8)
            #expect(abs(test.interval.lower - row.lower) < 1e-8)
            #expect(abs(test.interval.upper - row.upper) < 1e-8)
            #expect(isClose(test.effect, row.effect))
        }
        let verdicts = vectors.mannWhitney.map { MannWhitney($0.experiment, $0.control)?.verdict }
        #expect(verdicts == [.high, .pass, .low])
    }

    @Test func `Kendall's tau of rankings with ties`() throws {
        for row in vectors.ranks {
            let agreement = try #require(RankAgreement(row.first, row.second))
            guard let tau = row.tau else {
                #expect(agreement.kendallTau == nil)
                continue
            }
            #expect(isClose(agreement.kendallTau, tau, within: 1e-12))
        }
        let small = try #require(RankAgreement([0.9, 0.8, 0.8, 0.6, 0.5], [0.9, 0.7, 0.8, 0.8, 0.1]))
        #expect(isClose(small.kendallTau, 0.666666667, within: 1e-9))
        #expect(small.hasSameTop)
        #expect(small.overlap(at: 2) == 0.5 && small.overlap(at: 3) == 2.0 / 3 && small.overlap(at: 9) == 1)
    }

    @Test func `drift of scores by PSI and Kolmogorov-Smirnov`() throws {
        let expected = vectors.drift
        let index = try #require(
            ScoreDrift.stabilityIndex(expected: expected.first, actual: expected.second, bins: 10))
        #expect(isClose(index.value, expected.psi, within: 1e-12))
        #expect(isClose(index.limitByChance, expected.limit, within: 1e-12))
        let ks = try #require(ScoreDrift.kolmogorovSmirnov(expected.first, expected.second))
        #expect(isClose(ks.distance, expected.distance, within: 1e-12))
        #expect(isClose(ks.pValue, expected.p, within: 1e-10))
        let tenths = [Double](repeating: 0.1, count: 10)
        let moved = [0.08, 0.09, 0.1, 0.1, 0.1, 0.1, 0.1, 0.11, 0.11, 0.11]
        #expect(abs(ScoreDrift.stabilityIndex(expected: tenths, actual: moved) - 0.008375782) < 1e-9)
    }

    /// Table 5 of arXiv 1809.03672, relative to its base model.
    @Test(arguments: [(0.089, -0.020, 0.067), (0.207, -0.030, 0.171)])
    func `the gains of the paper's Table 5 fit each other`(clicks: Double, price: Double, revenue: Double)
        throws
    {
        let product = BusinessGains.costPerMille(clickThroughRate: clicks, payPerClick: price)
        #expect(abs(product - revenue) < 0.0011)
        let champion = BusinessGains.Totals(impressions: 1e6, clicks: 2e4, revenue: 6e3)
        let more = champion.clicks * 1.5 * (1 + clicks)
        let candidate = BusinessGains.Totals(
            impressions: 1.5e6, clicks: more, revenue: more * 0.3 * (1 + price))
        let gains = try #require(BusinessGains(candidate: candidate, champion: champion))
        #expect(isClose(gains.clickThroughRate, clicks, within: 1e-12))
        #expect(isClose(gains.payPerClick, price, within: 1e-12))
        #expect(isClose(1 + gains.costPerMille, 1 + product, within: 1e-12))
    }

    @Test(arguments: [(0.01, 5.1e6), (0.02, 1.3e6), (0.05, 203e3), (0.1, 51e3)])
    func `the impressions that a click rate of 3 % needs`(difference: Double, expected: Double) {
        let size = SampleSize(rate: 0.03, relativeDifference: difference)
        #expect(abs(size.perArm / expected - 1) < 0.03)
    }
}

import Testing

@testable import Charts

struct BinsTests {
    @Test func `points are counted in the cell that holds them, limits among them`() {
        let places: [(x: Double, y: Double)] = [
            (0, 0), (0.49, 0.49), (0.5, 0), (1, 1), (0.2, 0.9), (1.1, 0), (-0.1, 0.5), (.nan, 0.5),
        ]
        let bins = PlaneBins(places, side: 2)
        // Row after row from the lowest.
        #expect(bins.counts == [2, 1, 1, 1])
    }

    @Test func `the fullest cell has the last level, a single point the first, and empty cells none`() {
        let places = [(x: 0.1, y: 0.1)] + [(x: Double, y: Double)](repeating: (0.9, 0.9), count: 64)
        let levels = PlaneBins(places + [(x: Double, y: Double)](repeating: (0.1, 0.9), count: 8), side: 2)
            .levels(7)
        #expect(levels.map { [$0.column, $0.row, $0.level] } == [[0, 0, 1], [0, 1, 4], [1, 1, 7]])
    }

    @Test func `a histogram counts every finite value once, the outliers in its ends`() {
        let values = (-1000...1000).map { Double($0) / 1000 } + [50, -70, .infinity, .nan]
        let bins = HistogramBins(values, bins: 41, outside: 0.01)
        #expect(bins.counts.reduce(0, +) == 2003)
        #expect(bins.limit > 0.9 && bins.limit <= 1)
        // Values are even between the ends, 2 x 0.99 / 41 wide, a thousand to one.
        for count in bins.counts[1..<40] { #expect((46...50).contains(count)) }
        #expect(bins.counts[40] >= 47 && bins.counts[0] >= 47)
        let middle = bins.edges(20)
        #expect(abs(middle.lower + middle.upper) < 1e-12)
    }

    @Test func `differences that are all 0 stand in the middle bin`() {
        let bins = HistogramBins([0, 0, 0], bins: 5)
        #expect(bins.counts == [0, 0, 3, 0, 0])
        #expect(HistogramBins([], bins: 5).counts == [0, 0, 0, 0, 0])
    }
}

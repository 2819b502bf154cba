/// Values counted in bins of equal width around 0; what lies further out is counted in the outermost bins.
struct HistogramBins {
    /// The outermost edges are ±`limit`.
    let limit: Double
    /// An odd number, so that the middle bin has 0 in its middle.
    let counts: [Int]

    /// Bins as wide as all but `outside` of the values need. Values that are not finite are not counted.
    /// Precondition: an odd number of bins.
    init(_ values: [Double], bins: Int, outside: Double = 0.002) {
        precondition(bins % 2 == 1, "a bin around 0")
        let distances = values.filter(\.isFinite).map(abs).sorted()
        let rank = Int((Double(distances.count) * (1 - outside)).rounded(.up)) - 1
        let reach = distances.isEmpty ? 0 : distances[max(0, min(rank, distances.count - 1))]
        limit = reach > 0 ? reach : 1
        var counts = [Int](repeating: 0, count: bins)
        for value in values where value.isFinite {
            let place = (value + limit) / (2 * limit) * Double(bins)
            counts[Int(min(max(place, 0), Double(bins - 1)))] += 1
        }
        self.counts = counts
    }

    /// The edges of a bin.
    func edges(_ bin: Int) -> (lower: Double, upper: Double) {
        let width = 2 * limit / Double(counts.count)
        return (Double(bin) * width - limit, Double(bin + 1) * width - limit)
    }
}

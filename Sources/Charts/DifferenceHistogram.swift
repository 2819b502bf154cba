/// How often differences are how large: a histogram around 0.
public struct DifferenceHistogram: Sendable {
    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// The horizontal axis.
    public var xName: String
    /// The differences.
    public var values: [Double]

    /// A histogram of differences.
    public init(identifier: String, title: String, xName: String, values: [Double]) {
        self.identifier = identifier
        self.title = title
        self.xName = xName
        self.values = values
    }

    /// The picture.
    public var drawing: Drawing {
        let bins = HistogramBins(values, bins: 41)
        let total = Double(max(bins.counts.reduce(0, +), 1))
        let shares = bins.counts.map { Double($0) / total * 100 }
        let frame = PlotFrame(
            x: AxisScale([-bins.limit, bins.limit], ticks: 6), y: AxisScale(shares + [0]), xName: xName,
            yName: "% of samples")
        var content = frame.axes
        var bars = ""
        for (bin, share) in shares.enumerated() where share > 0 {
            let edges = bins.edges(bin)
            let (left, right) = (frame.column(edges.lower) + 0.5, frame.column(edges.upper) - 0.5)
            bars += "M\(coordinate(left)) \(coordinate(frame.row(0)))V\(coordinate(frame.row(share)))"
            bars += "H\(coordinate(right))V\(coordinate(frame.row(0)))z"
        }
        content += "<path fill=\"\(ChartStyle.color(0))\" d=\"\(bars)\"/>"
        let column = coordinate(frame.column(0))
        content += "<path class=\"guide\" d=\"M\(column) \(coordinate(frame.row(0)))"
        content += "V\(coordinate(frame.row(frame.y.upper)))\"/>"
        let middle = bins.counts.count / 2
        return Drawing(
            identifier: identifier, title: title,
            description:
                "\(NumberText.fixed(shares[..<middle].reduce(0, +), 1)) % of the differences lie below the "
                + "middle bar, \(NumberText.fixed(shares[middle], 1)) % in it and "
                + "\(NumberText.fixed(shares[(middle + 1)...].reduce(0, +), 1)) % above; the outermost bars hold what "
                + "lies further out.", width: frame.width, height: frame.height, content: content)
    }
}

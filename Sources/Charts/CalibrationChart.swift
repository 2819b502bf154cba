/// Predicted against observed rates of the bins of a calibration, beside the diagonal where both are equal.
public struct CalibrationChart: Sendable {
    /// One bin.
    public struct Bin: Sendable {
        /// Mean predicted probability.
        public var predicted: Double
        /// Observed rate.
        public var observed: Double
        /// Limits between which the true rate may lie.
        public var lower, upper: Double

        /// A bin with the limits of its rate.
        public init(predicted: Double, observed: Double, lower: Double, upper: Double) {
            self.predicted = predicted
            self.observed = observed
            self.lower = lower
            self.upper = upper
        }
    }

    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// In rising order of prediction.
    public var bins: [Bin]

    /// A chart of bins.
    public init(identifier: String, title: String, bins: [Bin]) {
        self.identifier = identifier
        self.title = title
        self.bins = bins
    }

    /// The picture.
    public var drawing: Drawing {
        let limit = AxisScale([0] + bins.flatMap { [$0.predicted, $0.upper] })
        let frame = PlotFrame(x: limit, y: limit)
        var content = frame.axes(x: "predicted probability", y: "observed click rate")
        let diagonal = [
            ChartPoint(x: limit.lower, y: limit.lower), ChartPoint(x: limit.upper, y: limit.upper),
        ]
        content += "<path class=\"guide\" d=\"\(frame.path(diagonal))\"/>"
        let color = ChartStyle.color(0)
        for bin in bins {
            let column = coordinate(frame.column(bin.predicted))
            content += "<path style=\"stroke:\(color);stroke-width:1.5\" d=\"M\(column) "
            content += "\(coordinate(frame.row(bin.lower)))V\(coordinate(frame.row(bin.upper)))\"/>"
            content += "<circle r=\"4\" cx=\"\(column)\" cy=\"\(coordinate(frame.row(bin.observed)))\""
            content += " style=\"fill:\(color);stroke:var(--surface);stroke-width:1\"/>"
        }
        return Drawing(
            identifier: identifier, title: title, description: summary, width: frame.width,
            height: frame.height, content: content)
    }

    private var summary: String {
        let inside = bins.count { $0.lower <= $0.predicted && $0.predicted <= $0.upper }
        return
            "\(bins.count) bins of samples with neighbouring predictions; in \(inside) of them the predicted "
            + "probability lies within the 95 % interval of the observed rate. The dashed diagonal is where both agree."
    }
}

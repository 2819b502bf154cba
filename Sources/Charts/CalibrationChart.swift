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
    /// One or more curves, each of bins in rising order of prediction.
    public var curves: [(name: String, bins: [Bin])]

    /// A chart of the bins of one model.
    public init(identifier: String, title: String, bins: [Bin]) {
        self.init(identifier: identifier, title: title, curves: [("", bins)])
    }

    /// A chart of the bins of several models.
    public init(identifier: String, title: String, curves: [(name: String, bins: [Bin])]) {
        self.identifier = identifier
        self.title = title
        self.curves = curves
    }

    /// The picture.
    public var drawing: Drawing {
        let limit = AxisScale([0] + curves.flatMap(\.bins).flatMap { [$0.predicted, $0.upper] })
        let frame = PlotFrame(
            x: limit, y: limit, xName: "predicted probability", yName: "observed click rate",
            series: curves.map(\.name))
        var content = frame.axes
        let diagonal = [
            ChartPoint(x: limit.lower, y: limit.lower), ChartPoint(x: limit.upper, y: limit.upper),
        ]
        content += "<path class=\"guide\" d=\"\(frame.path(diagonal))\"/>"
        for (index, curve) in curves.enumerated() {
            let color = ChartStyle.color(index)
            if curves.count > 1, !curve.bins.isEmpty {
                let line = curve.bins.map { ChartPoint(x: $0.predicted, y: $0.observed) }
                content += "<path class=\"series thin\" stroke=\"\(color)\""
                content += "\(ChartStyle.dash(index)) d=\"\(frame.path(line))\"/>"
            }
            content += curve.bins.map { Self.mark($0, frame, color) }.joined()
        }
        return Drawing(
            identifier: identifier, title: title, description: summary, width: frame.width,
            height: frame.height, content: content)
    }

    /// A bin's rate with its limits.
    private static func mark(_ bin: Bin, _ frame: PlotFrame, _ color: String) -> String {
        let column = coordinate(frame.column(bin.predicted))
        return "<path stroke=\"\(color)\" stroke-width=\"1.5\" d=\"M\(column) "
            + "\(coordinate(frame.row(bin.lower)))V\(coordinate(frame.row(bin.upper)))\"/>"
            + "<circle r=\"4\" cx=\"\(column)\" cy=\"\(coordinate(frame.row(bin.observed)))\""
            + " fill=\"\(color)\" stroke=\"var(--surface)\"/>"
    }

    private var summary: String {
        let counts = curves.map { curve in
            let inside = curve.bins.count { $0.lower <= $0.predicted && $0.predicted <= $0.upper }
            return
                "\(curve.name.isEmpty ? "" : curve.name + ": ")\(curve.bins.count) bins of samples with neighbouring "
                + "predictions; in \(inside) of them the predicted probability lies within the 95 % interval of the "
                + "observed rate."
        }
        return counts.joined(separator: " ") + " The dashed diagonal is where both agree."
    }
}

/// Durations by percentile, the percentiles on the scale of 1 / (1 - p): each further nine has the same room, so that
/// the slowest calls can be read as well as the usual ones.
public struct PercentileChart: Sendable {
    /// One distribution.
    public struct Curve: Sendable {
        /// Its name in the legend.
        public var name: String
        /// In rising order: percentiles from 0 to 100, and the value that so many percent do not exceed.
        public var points: [(percentile: Double, value: Double)]

        /// A curve through points.
        public init(name: String, points: [(percentile: Double, value: Double)]) {
            self.name = name
            self.points = points
        }
    }

    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// The vertical axis, with its unit.
    public var yName: String
    /// Its curves, at most six.
    public var curves: [Curve]

    /// A chart of curves.
    public init(identifier: String, title: String, yName: String, curves: [Curve]) {
        self.identifier = identifier
        self.title = title
        self.yName = yName
        self.curves = curves
    }

    /// The picture.
    public var drawing: Drawing {
        let lines = curves.map { $0.points.map(Self.place) }
        // What lies at 100 % has no place on the axis; it is drawn where the next nine would begin.
        let inside = lines.joined().map(\.x).filter(\.isFinite).max() ?? 10
        let x = AxisScale(ninesUpTo: inside * 2)
        let values = lines.joined().map(\.y)
        let isWide = (values.max() ?? 0) > 20 * max(values.filter { $0 > 0 }.min() ?? 1, 1e-9)
        let y = isWide ? AxisScale(logarithmic: values) : AxisScale(values + [0])
        let frame = PlotFrame(
            x: x, y: y, xName: "percentile", yName: yName, series: curves.map(\.name))
        var content = frame.axes
        for (index, points) in lines.enumerated() where !points.isEmpty {
            let line = points.map { point in
                ChartPoint(x: min(point.x, x.upper), y: max(point.y, isWide ? y.lower : point.y))
            }
            content +=
                "<path class=\"series\" stroke=\"\(ChartStyle.color(index))\"\(ChartStyle.dash(index))"
            content += " d=\"\(frame.path(line))\"/>"
        }
        return Drawing(
            identifier: identifier, title: title, description: summary, width: frame.width,
            height: frame.height, content: content)
    }

    private static func place(_ point: (percentile: Double, value: Double)) -> ChartPoint {
        ChartPoint(
            x: point.percentile >= 100 ? .infinity : 100 / (100 - max(point.percentile, 0)), y: point.value)
    }

    /// Each curve's main percentiles in words.
    private var summary: String {
        curves.map { curve in
            let figures = [50, 99, 99.9].compactMap { percentile in
                curve.points.first { $0.percentile >= percentile }.map {
                    "\(NumberText.fixed($0.value, 3)) at \(percentile == 99.9 ? "99.9" : "\(Int(percentile))") %"
                }
            }
            let most = curve.points.last.map { NumberText.fixed($0.value, 3) } ?? "nothing"
            return "\(curve.name): \(figures.joined(separator: ", ")), \(most) at most."
        }.joined(separator: " ")
    }
}

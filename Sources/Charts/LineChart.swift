/// Figures in the course of something, as lines.
public struct LineChart: Sendable {
    /// One line.
    public struct Series: Sendable {
        /// Its name in the legend.
        public var name: String
        /// In rising order of x; points that are not finite are left out.
        public var points: [ChartPoint]

        /// Limits that belong to the line, as a lighter area; empty for none.
        public var band: [(x: Double, lower: Double, upper: Double)]

        /// A line through points.
        public init(
            name: String, points: [ChartPoint], band: [(x: Double, lower: Double, upper: Double)] = []
        ) {
            self.name = name
            self.points = points
            self.band = band
        }
    }

    /// What the vertical axis spans.
    public enum Span: Sendable {
        /// The values.
        case values
        /// The values and 0.
        case fromZero
        /// The values, equal ratios at equal distances; points at 0 and below are left out.
        case logarithmic
    }

    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// The horizontal axis.
    public var xName: String
    /// The vertical axis.
    public var yName: String
    /// Its lines, at most six.
    public var series: [Series]
    /// A place on the horizontal axis that is marked, with what it is.
    public var mark: (x: Double, name: String)?
    /// A dashed line for comparison, such as a diagonal; empty for none.
    public var guide: [ChartPoint]
    /// What the vertical axis spans.
    public var span: Span
    /// Digits after the point of the figures in the description.
    public var digits: Int

    /// A chart of lines.
    public init(
        identifier: String, title: String, xName: String, yName: String, series: [Series],
        mark: (x: Double, name: String)? = nil, guide: [ChartPoint] = [], span: Span = .values,
        digits: Int = 4
    ) {
        self.identifier = identifier
        self.title = title
        self.xName = xName
        self.yName = yName
        self.series = series.map { series in
            Series(
                name: series.name,
                points: series.points.filter { point in
                    guard case .logarithmic = span else { return point.x.isFinite && point.y.isFinite }
                    return point.x.isFinite && point.y.isFinite && point.y > 0
                },
                band: series.band.filter { $0.x.isFinite && $0.lower.isFinite && $0.upper.isFinite })
        }
        self.mark = mark
        self.guide = guide
        self.span = span
        self.digits = digits
    }

    /// More points than the chart has pixels tell nothing; neighbours are averaged.
    static let pointLimit = 220

    /// The picture.
    public var drawing: Drawing {
        let lines = series.map { Self.thinned($0.points) }
        let all = lines.joined()
        let limits = series.flatMap(\.band).flatMap { [$0.lower, $0.upper] }
        let frame = PlotFrame(
            x: AxisScale((all + guide).map(\.x) + [0], ticks: 6),
            y: scale((all + guide).map(\.y) + limits), xName: xName, yName: yName,
            series: series.map(\.name))
        var content = frame.axes
        if let mark, all.contains(where: { $0.x >= mark.x }) {
            let column = frame.column(mark.x)
            content +=
                "<path class=\"guide\" d=\"M\(coordinate(column)) \(coordinate(frame.row(frame.y.lower)))"
            content += "V\(coordinate(frame.row(frame.y.upper)))\"/>"
            content += label(
                mark.name, x: column, y: frame.row(frame.y.upper) - 5,
                anchor: "middle", style: "tick")
        }
        if !guide.isEmpty { content += "<path class=\"guide\" d=\"\(frame.path(guide))\"/>" }
        for (index, series) in series.enumerated() where !series.band.isEmpty {
            content += "<path fill=\"\(ChartStyle.color(index))\" fill-opacity=\".18\""
            content += " d=\"\(frame.path(Self.outline(series.band)))Z\"/>"
        }
        for (index, points) in lines.enumerated() where !points.isEmpty {
            let color = ChartStyle.color(index)
            content += "<path class=\"series\" stroke=\"\(color)\"\(ChartStyle.dash(index))"
            content += " d=\"\(frame.path(points))\"/>"
            guard points.count <= 40 else { continue }
            for point in points {
                content += "<circle cx=\"\(coordinate(frame.column(point.x)))\" r=\"3\""
                content += " cy=\"\(coordinate(frame.row(point.y)))\" fill=\"\(color)\"/>"
            }
        }
        return Drawing(
            identifier: identifier, title: title, description: summary, width: frame.width,
            height: frame.height, content: content)
    }

    /// Along the upper limits, and back along the lower ones.
    private static func outline(_ band: [(x: Double, lower: Double, upper: Double)]) -> [ChartPoint] {
        band.map { ChartPoint(x: $0.x, y: $0.upper) }
            + band.reversed().map { ChartPoint(x: $0.x, y: $0.lower) }
    }

    private func scale(_ values: [Double]) -> AxisScale {
        switch span {
        case .values: AxisScale(values)
        case .fromZero: AxisScale(values + [0])
        case .logarithmic: AxisScale(logarithmic: values)
        }
    }

    /// Each line's ends and extremes in words.
    private var summary: String {
        series.map { series in
            guard let first = series.points.first, let last = series.points.last else {
                return "\(series.name): no figures."
            }
            let values = series.points.map(\.y)
            func text(_ value: Double?) -> String { NumberText.fixed(value ?? 0, digits) }
            return "\(series.name): \(text(first.y)) at first, \(text(last.y)) at last, between "
                + "\(text(values.min())) and \(text(values.max()))."
        }.joined(separator: " ")
    }

    static func thinned(_ points: [ChartPoint]) -> [ChartPoint] {
        guard points.count > pointLimit else { return points }
        return (0..<pointLimit).map { bucket in
            let members = points[
                points.count * bucket / pointLimit..<points.count * (bucket + 1) / pointLimit]
            let count = Double(members.count)
            return ChartPoint(
                x: members.reduce(0) { $0 + $1.x } / count, y: members.reduce(0) { $0 + $1.y } / count)
        }
    }
}

internal import Foundation

/// Two models' probabilities of the same samples, on axes of equal distances in logits, where they differ as their scores do;
/// many points are drawn as densities.
public struct ScoreScatterChart: Sendable {
    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// The models, across and up.
    public var names: (x: String, y: String)
    /// Logits, one point a sample.
    public var points: [ChartPoint]

    /// A chart of the logits of two models.
    public init(identifier: String, title: String, names: (x: String, y: String), points: [ChartPoint]) {
        self.identifier = identifier
        self.title = title
        self.names = names
        self.points = points
    }

    /// More points than this are counted in cells.
    static let pointLimit = 400
    private static let side = 48
    private static let levels = 7

    /// The picture.
    public var drawing: Drawing {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        let scale = AxisScale(logits: finite.flatMap { [$0.x, $0.y] })
        let frame = PlotFrame(
            x: scale, y: scale, xName: "probability by \(names.x)", yName: "by \(names.y)")
        var content = frame.axes
        content += finite.count > Self.pointLimit ? cells(finite, frame) : marks(finite, frame)
        let diagonal = [scale.lower, scale.upper].map { ChartPoint(x: $0, y: $0) }
        content += "<path class=\"guide\" d=\"\(frame.path(diagonal))\"/>"
        let above = finite.count { $0.y > $0.x }
        return Drawing(
            identifier: identifier, title: title,
            description: "\(NumberText.count(finite.count)) samples; \(names.y) gives "
                + "\(NumberText.count(above)) of them a higher probability than \(names.x). On the dashed diagonal "
                + "both agree.", width: frame.width, height: frame.height, content: content)
    }

    private func marks(_ points: [ChartPoint], _ frame: PlotFrame) -> String {
        points.map { point in
            "<circle r=\"2.5\" cx=\"\(coordinate(frame.column(point.x)))\" cy=\"\(coordinate(frame.row(point.y)))\""
                + " fill=\"\(ChartStyle.color(0))\" fill-opacity=\".6\"/>"
        }.joined()
    }

    /// One path a level, so that the picture's size is bounded.
    private func cells(_ points: [ChartPoint], _ frame: PlotFrame) -> String {
        let bins = PlaneBins(
            points.map { (frame.x.position($0.x), frame.y.position($0.y)) }, side: Self.side)
        let (x, y) = (frame.x, frame.y)
        let width = (frame.column(x.upper) - frame.column(x.lower)) / Double(Self.side)
        let height = (frame.row(y.lower) - frame.row(y.upper)) / Double(Self.side)
        var paths = [String](repeating: "", count: Self.levels + 1)
        for cell in bins.levels(Self.levels) {
            let left = frame.column(x.lower) + Double(cell.column) * width
            let top = frame.row(y.lower) - Double(cell.row + 1) * height
            paths[cell.level] +=
                "M\(coordinate(left)) \(coordinate(top))h\(coordinate(width))v\(coordinate(height))"
                + "h-\(coordinate(width))z"
        }
        return paths.enumerated().filter { !$0.element.isEmpty }.map { level, path in
            let share = NumberText.fixed(0.15 + 0.85 * Double(level - 1) / Double(Self.levels - 1), 2)
            return "<path fill=\"\(ChartStyle.color(0))\" fill-opacity=\"\(share)\" d=\"\(path)\"/>"
        }.joined()
    }
}

/// The axes of a plot and the place that they leave.
struct PlotFrame {
    let width = 440.0
    let height = 280.0
    let x: AxisScale
    let y: AxisScale
    private let left = 54.0
    private let right = 16.0
    private let top = 34.0
    private let bottom = 46.0

    init(x: AxisScale, y: AxisScale) {
        self.x = x
        self.y = y
    }

    func column(_ value: Double) -> Double { left + x.position(value) * (width - left - right) }
    func row(_ value: Double) -> Double { height - bottom - y.position(value) * (height - top - bottom) }

    /// `M x y L x y …` through points that are all finite.
    func path(_ points: [ChartPoint]) -> String {
        points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(coordinate(column(point.x))) \(coordinate(row(point.y)))"
        }.joined()
    }

    /// Grid, ticks and names of both axes.
    func axes(x xName: String, y yName: String) -> String {
        var content = ""
        for tick in y.ticks {
            let row = coordinate(row(tick))
            content += "<path class=\"grid\" d=\"M\(coordinate(left)) \(row)H\(coordinate(width - right))\"/>"
            content += label(y.label(tick), x: left - 7, y: self.row(tick) + 4, anchor: "end", style: "tick")
        }
        for tick in x.ticks {
            let (text, column) = (x.label(tick), column(tick))
            // A long label of the last tick would be cut in half by the picture's edge.
            let isLong = column + Double(text.count) * 3.5 > width
            content += label(
                text, x: isLong ? width - 1 : column, y: height - bottom + 18,
                anchor: isLong ? "end" : "middle",
                style: "tick")
        }
        content += "<path class=\"axis\" d=\"M\(coordinate(left)) \(coordinate(height - bottom))"
        content += "H\(coordinate(width - right))\"/>"
        content += label(xName, x: (left + width - right) / 2, y: height - 7, anchor: "middle")
        content += label(yName, x: 6, y: 14)
        return content
    }

    /// Names of series with their strokes, right-aligned above the plot.
    func legend(_ names: [String]) -> String {
        guard names.count > 1 else { return "" }
        // An average character is about 7 units wide in the charts' type; a wrong guess moves the legend a little.
        var x = width - right - names.reduce(0) { $0 + Double($1.count) * 7 + 44 } + 4
        var content = ""
        for (index, name) in names.enumerated() {
            content +=
                "<path class=\"series\" style=\"stroke:\(ChartStyle.color(index))\"\(ChartStyle.dash(index))"
            content += " d=\"M\(coordinate(x)) 10h24\"/>" + label(name, x: x + 30, y: 14)
            x += Double(name.count) * 7 + 44
        }
        return content
    }
}

/// A point of a chart, in the units of its axes.
public struct ChartPoint: Sendable, Equatable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double

    /// A point.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

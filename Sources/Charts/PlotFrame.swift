/// The axes of a plot and the place that they leave, with the names of its series above it.
struct PlotFrame {
    let width = 440.0
    let height: Double
    let x: AxisScale
    let y: AxisScale
    private let names: (x: String, y: String)
    private let series: [String]
    private let rows: [[Int]]
    private let left = 54.0
    private let right = 16.0
    private let bottom = 46.0
    private var top: Double { height - 246 }

    /// Names of series are told where there are several. They stand beside the vertical axis's name where there is room, else
    /// in rows of their own under it.
    init(x: AxisScale, y: AxisScale, xName: String, yName: String, series: [String] = []) {
        self.x = x
        self.y = y
        names = (xName, yName)
        self.series = series.count > 1 ? series : []
        rows = Self.rows(self.series, beside: yName, room: width - right)
        height = 280 + 18 * Double(max(rows.count - 1, 0))
    }

    /// A character is about 7 units wide in the charts' type, and 8.5 in the larger one of phones; a wrong guess moves the legend a little.
    private static func room(for name: String) -> Double { Double(name.count) * 8.5 + 40 }

    /// Which series stand in which row; the first is that of the axis's name.
    private static func rows(_ series: [String], beside yName: String, room: Double) -> [[Int]] {
        let total = series.reduce(0) { $0 + Self.room(for: $1) }
        if total + Double(yName.count) * 7 + 6 <= room { return [Array(series.indices)] }
        var rows: [[Int]] = [[], []]
        var used = 0.0
        for index in series.indices {
            let width = Self.room(for: series[index])
            if used > 0, used + width > room {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1].append(index)
            used += width
        }
        return rows
    }

    func column(_ value: Double) -> Double { left + x.position(value) * (width - left - right) }
    func row(_ value: Double) -> Double { height - bottom - y.position(value) * (height - top - bottom) }

    /// `M x y L x y …` through points that are all finite.
    func path(_ points: [ChartPoint]) -> String {
        points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(coordinate(column(point.x))) \(coordinate(row(point.y)))"
        }.joined()
    }

    /// Grid, ticks and names of both axes, and the legend.
    var axes: String {
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
        content += label(names.x, x: (left + width - right) / 2, y: height - 7, anchor: "middle")
        content += label(names.y, x: 6, y: 14)
        return content + legend
    }

    /// Names of series with their strokes, right-aligned.
    private var legend: String {
        var content = ""
        for (row, members) in rows.enumerated() {
            let y = 14 + 18 * Double(row)
            var x = width - right - members.reduce(0) { $0 + Self.room(for: series[$1]) } + 4
            for index in members {
                content +=
                    "<path class=\"series\" stroke=\"\(ChartStyle.color(index))\"\(ChartStyle.dash(index))"
                content += " d=\"M\(coordinate(x)) \(coordinate(y - 4))h24\"/>"
                content += label(series[index], x: x + 30, y: y)
                x += Self.room(for: series[index])
            }
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

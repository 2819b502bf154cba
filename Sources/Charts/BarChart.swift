/// How a whole is spread over named classes, for several series side by side.
public struct BarChart: Sendable {
    /// The bars of one colour.
    public struct Series: Sendable {
        /// Its name in the legend.
        public var name: String
        /// One a class, 0 and above; what is not finite counts as 0.
        public var values: [Double]

        /// Bars, one a class.
        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// The horizontal axis.
    public var xName: String
    /// The vertical axis.
    public var yName: String
    /// The classes, from left to right; an empty name stands where there is no room for one.
    public var classes: [String]
    /// At most six.
    public var series: [Series]
    /// What is to be seen, in words.
    public var description: String

    /// A chart of series over classes.
    public init(
        identifier: String, title: String, xName: String, yName: String, classes: [String], series: [Series],
        description: String
    ) {
        self.identifier = identifier
        self.title = title
        self.xName = xName
        self.yName = yName
        self.classes = classes
        self.series = series
        self.description = description
    }

    /// The picture.
    public var drawing: Drawing {
        let values = series.map { $0.values.map { $0.isFinite ? max($0, 0) : 0 } }
        let frame = PlotFrame(
            x: AxisScale(classes: classes), y: AxisScale(values.joined() + [0, 1], ticks: 4), xName: xName,
            yName: yName, series: series.map(\.name))
        var content = frame.axes
        let room = 0.84 / Double(max(series.count, 1))
        for (index, heights) in values.enumerated() {
            var bars = ""
            for (place, height) in heights.prefix(classes.count).enumerated() where height > 0 {
                let left = Double(place) + 0.08 + room * Double(index)
                bars += "M\(coordinate(frame.column(left))) \(coordinate(frame.row(0)))"
                bars += "V\(coordinate(frame.row(height)))H\(coordinate(frame.column(left + room)))"
                bars += "V\(coordinate(frame.row(0)))z"
            }
            content += "<path fill=\"\(ChartStyle.color(index))\" d=\"\(bars)\"/>"
        }
        return Drawing(
            identifier: identifier, title: title, description: description, width: frame.width,
            height: frame.height, content: content)
    }
}

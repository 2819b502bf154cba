/// Interest evolution (arXiv 1809.03672, Figure 4): a user's history from left to right, and a row for each target with
/// the attention on each behaviour; under them the paths of the evolving interest, one a target.
public struct InterestChart: Sendable {
    /// One target.
    public struct Target: Sendable {
        /// What it is called.
        public var name: String
        /// Its score.
        public var probability: Double
        /// One a behaviour; adds up to 1.
        public var attention: [Double]
        /// How far each behaviour moved the interest; empty where none evolves.
        public var changes: [Double]
        /// The path of the interest in the plane; empty where none evolves.
        public var path: [ChartPoint]

        /// A target with its figures.
        public init(
            name: String, probability: Double, attention: [Double], changes: [Double], path: [ChartPoint]
        ) {
            self.name = name
            self.probability = probability
            self.attention = attention
            self.changes = changes
            self.path = path
        }
    }

    /// Letters and digits, unlike any other chart's on the page.
    public var identifier: String
    /// What the chart shows.
    public var title: String
    /// Names of the behaviours, the oldest first.
    public var behaviours: [String]
    /// At most six are told apart by colour.
    public var targets: [Target]

    /// A chart of a history and targets.
    public init(
        identifier: String = "interest", title: String, behaviours: [String], targets: [Target]
    ) {
        self.identifier = identifier
        self.title = title
        self.behaviours = behaviours
        self.targets = targets
    }

    /// The picture.
    public var drawing: Drawing {
        let layout = Layout(behaviours: behaviours, targets: targets)
        var content = label(title, x: 16, y: 24, style: "heading")
        content += label(
            "bars: attention · strip: how far the behaviour moved the interest", x: 16, y: 44, style: "tick")
        for index in targets.indices { content += row(index, layout) }
        content += behaviourLabels(layout)
        let paths = targets.contains { $0.path.count > 1 }
        if paths { content += plane(layout) }
        return Drawing(
            identifier: identifier, title: title, description: summary, width: layout.width,
            height: layout.planeTop + (paths ? Layout.planeHeight + 16 : 0), content: content)
    }

    /// Where things stand.
    struct Layout {
        static let rowHeight = 74.0
        static let top = 58.0
        static let planeHeight = 270.0
        let left: Double
        let step: Double
        let width: Double
        let rowsBottom: Double
        let labelHeight: Double
        /// Every how many behaviours one is named.
        let stride: Int
        let largestAttention: Double
        let largestChange: Double

        init(behaviours: [String], targets: [Target]) {
            let count = max(behaviours.count, 1)
            let names = targets.map(\.name.count).max() ?? 0
            left = min(240, max(110, Double(names) * 7.5 + 28))
            step = min(34, max(9, 780 / Double(count)))
            width = max(520, left + step * Double(count) + 64)
            rowsBottom = Self.top + Double(targets.count) * Self.rowHeight
            let longest = min(behaviours.map(\.count).max() ?? 0, 18)
            labelHeight = Double(longest) * 6 + 26
            stride = max(1, Int((16 / step).rounded(.up)))
            largestAttention = targets.flatMap(\.attention).max() ?? 1
            largestChange = targets.flatMap(\.changes).max() ?? 1
        }

        var planeTop: Double { rowsBottom + labelHeight + 26 }
        func column(_ behaviour: Int) -> Double { left + step * Double(behaviour) }
    }

    /// Name, bars and strip of one target.
    private func row(_ index: Int, _ layout: Layout) -> String {
        let target = targets[index]
        let color = ChartStyle.color(index)
        let floor = Layout.top + Double(index) * Layout.rowHeight + 46
        var content = label(Self.shortened(target.name), x: 16, y: floor - 14)
        content += label("p = \(NumberText.fixed(target.probability, 4))", x: 16, y: floor + 3, style: "tick")
        content += "<path class=\"grid\" d=\"M\(coordinate(layout.left)) \(coordinate(floor + 0.5))"
        content += "h\(coordinate(layout.step * Double(max(behaviours.count, 1))))\"/>"
        let strongest = target.attention.indices.max { target.attention[$0] < target.attention[$1] }
        for (step, weight) in target.attention.enumerated() {
            let height = max(layout.largestAttention > 0 ? weight / layout.largestAttention * 34 : 0, 0.6)
            let x = layout.column(step) + layout.step * 0.12
            content += "<rect x=\"\(coordinate(x))\" y=\"\(coordinate(floor - height))\""
            content += " width=\"\(coordinate(layout.step * 0.76))\" height=\"\(coordinate(height))\""
            content += " rx=\"1.5\" fill=\"\(color)\"><title>\(tooltip(step, target))</title></rect>"
            if step == strongest {
                content += label(
                    NumberText.fixed(weight, weight < 0.1 ? 3 : 2), x: x + layout.step * 0.38,
                    y: floor - height - 4,
                    anchor: "middle", style: "tick")
            }
            guard step < target.changes.count, layout.largestChange > 0 else { continue }
            let share = NumberText.fixed(target.changes[step] / layout.largestChange, 3)
            content += "<rect x=\"\(coordinate(x))\" y=\"\(coordinate(floor + 4))\" height=\"8\""
            content +=
                " width=\"\(coordinate(layout.step * 0.76))\" fill=\"\(color)\" fill-opacity=\"\(share)\"/>"
        }
        return content
    }

    private func tooltip(_ step: Int, _ target: Target) -> String {
        let change =
            step < target.changes.count
            ? ", moved the interest by \(NumberText.fixed(target.changes[step], 4))" : ""
        return MarkupText.escaped(
            "\(behaviours[step]): attention \(NumberText.fixed(target.attention[step], 4))\(change)")
    }

    private func behaviourLabels(_ layout: Layout) -> String {
        var content = ""
        for step in Swift.stride(from: 0, to: behaviours.count, by: layout.stride) {
            let x = layout.column(step) + layout.step / 2 + 4
            content += label(
                Self.shortened(behaviours[step]), x: x, y: layout.rowsBottom + 4, anchor: "end",
                style: "tick",
                turned: -60)
        }
        let middle = layout.left + layout.step * Double(behaviours.count) / 2
        return content
            + label(
                "behaviours, the oldest first", x: middle, y: layout.planeTop - 20, anchor: "middle",
                style: "tick")
    }

    /// The paths: from one origin, where the state is zero, to the state that the head sees.
    private func plane(_ layout: Layout) -> String {
        let points = targets.flatMap(\.path)
        let x = AxisScale(points.map(\.x))
        let y = AxisScale(points.map(\.y))
        let top = layout.planeTop + 30
        let bottom = layout.planeTop + Layout.planeHeight - 12
        let right = layout.width - 130
        func place(_ point: ChartPoint) -> (x: Double, y: Double) {
            (40 + x.position(point.x) * (right - 40), bottom - y.position(point.y) * (bottom - top))
        }
        var content = label(
            "Paths of the interest, two principal components of its state; the dot is the end", x: 16,
            y: layout.planeTop + 14)
        for (index, target) in targets.enumerated() where target.path.count > 1 {
            let color = ChartStyle.color(index)
            let line = target.path.enumerated().map { step, point in
                let place = place(point)
                return "\(step == 0 ? "M" : "L")\(coordinate(place.x)) \(coordinate(place.y))"
            }.joined()
            content +=
                "<path class=\"series\" stroke=\"\(color)\"\(ChartStyle.dash(index)) d=\"\(line)\"/>"
            for point in target.path.dropFirst().dropLast() {
                let place = place(point)
                content += "<circle cx=\"\(coordinate(place.x))\" cy=\"\(coordinate(place.y))\" r=\"2\""
                content += " fill=\"\(color)\"/>"
            }
            guard let last = target.path.last.map(place) else { continue }
            content += "<circle cx=\"\(coordinate(last.x))\" cy=\"\(coordinate(last.y))\" r=\"5\""
            content += " fill=\"\(color)\" stroke=\"var(--surface)\" stroke-width=\"1.5\"/>"
        }
        let ends = targets.filter { $0.path.count > 1 }.compactMap { target in
            target.path.last.map { (name: Self.shortened(target.name), place: place($0)) }
        }
        for (end, y) in zip(ends, Self.apart(ends.map(\.place.y), least: 15)) {
            content += label(end.name, x: end.place.x + 9, y: y + 4, style: "halo")
        }
        return content
    }

    /// The heights, moved down where labels would lie on each other.
    static func apart(_ heights: [Double], least: Double) -> [Double] {
        var result = heights
        var free = -Double.infinity
        for index in heights.indices.sorted(by: { heights[$0] < heights[$1] }) {
            result[index] = max(heights[index], free)
            free = result[index] + least
        }
        return result
    }

    private var summary: String {
        let rows = targets.map { target -> String in
            let start = "\(target.name) has probability \(NumberText.fixed(target.probability, 4))"
            guard
                let strongest = target.attention.indices.max(by: {
                    target.attention[$0] < target.attention[$1]
                })
            else { return start + "." }
            return start
                + "; most attention, \(NumberText.fixed(target.attention[strongest], 3)), is on behaviour "
                + "\(strongest + 1), \(behaviours[strongest])."
        }
        return "\(behaviours.count) behaviours. " + rows.joined(separator: " ")
    }

    private static func shortened(_ name: String) -> String { name.count > 26 ? name.prefix(25) + "…" : name }
}

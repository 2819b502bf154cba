import Testing

@testable import Charts

struct PercentileChartTests {
    static func chart(_ points: [(percentile: Double, value: Double)]) -> Drawing {
        PercentileChart(
            identifier: "p", title: "Latency", yName: "milliseconds",
            curves: [PercentileChart.Curve(name: "latency", points: points)]
        ).drawing
    }

    /// The points of the first line.
    static func path(_ drawing: Drawing) throws -> [(x: Double, y: Double)] {
        let path = try #require(drawing.content.components("class=\"series\"").last?.components(" d=\"").last)
        return path.prefix { $0 != "\"" }.dropFirst().split(separator: "L").map { point in
            let numbers = point.split(separator: " ").compactMap { Double($0) }
            return (x: numbers[0], y: numbers[1])
        }
    }

    @Test func `90, 99 and 99.9 percent lie at equal distances`() throws {
        let drawing = Self.chart([(0, 1), (90, 2), (99, 3), (99.9, 4)])
        let x = try Self.path(drawing).map(\.x)
        #expect(x.count == 4)
        #expect(abs((x[1] - x[0]) - (x[2] - x[1])) < 0.2 && abs((x[2] - x[1]) - (x[3] - x[2])) < 0.2)
    }

    @Test func `100 percent is drawn inside the picture, and told in words`() throws {
        let drawing = Self.chart([(50, 1), (99, 2), (100, 3.25)])
        let path = try Self.path(drawing)
        #expect(path.allSatisfy { (0...drawing.width).contains($0.x) && (0...drawing.height).contains($0.y) })
        #expect(drawing.description.contains("3.250 at most"))
    }

    @Test func `a long tail does not press the rest flat`() throws {
        let y = try Self.path(Self.chart([(0, 1), (50, 2), (99, 1000)])).map(\.y)
        // On a linear axis the first step would be a 999th of the way.
        #expect((y[0] - y[1]) / (y[0] - y[2]) > 0.08)
    }

    @Test func `curves without points make a picture`() {
        #expect(Self.chart([]).description.contains("latency: "))
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

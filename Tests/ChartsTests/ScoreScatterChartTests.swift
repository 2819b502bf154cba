import Foundation
import Testing

@testable import Charts

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct ScoreScatterChartTests {
    private func points(_ count: Int) -> [ChartPoint] {
        (0..<count).map { ChartPoint(x: Double($0 % 97) / 10 - 5, y: Double($0 % 89) / 10 - 4.5) }
    }

    private func drawing(_ points: [ChartPoint]) -> Drawing {
        ScoreScatterChart(identifier: "s", title: "Scores", names: ("a", "b"), points: points).drawing
    }

    @Test func `few points are drawn one by one, and many in no more space than their cells take`() {
        let few = drawing(points(400)).inline
        #expect(few.components(separatedBy: "<circle").count == 401)
        let (many, more) = (drawing(points(20_000)).inline, drawing(points(200_000)).inline)
        #expect(!many.contains("<circle"))
        #expect(more.utf8.count < 150_000 && more.utf8.count < many.utf8.count * 2)
        for text in [few, many, drawing([]).inline] { #expect(XMLParser(data: Data(text.utf8)).parse()) }
    }

    @Test func `axes are named by probability at equal distances of logits`() {
        let scale = AxisScale(logits: [-4.0, 4.5])
        #expect(scale.ticks.map(scale.label) == ["0.01", "0.05", "0.2", "0.5", "0.8", "0.95", "0.99"])
        #expect(abs(scale.position(0) - 0.5) < 1e-9 && scale.position(scale.upper) == 1)
        let one = AxisScale(logits: [Double]())
        #expect(one.upper > one.lower)
    }

    @Test func `a histogram and lines with a band are well-formed and say what they show`() {
        let histogram = DifferenceHistogram(
            identifier: "h", title: "Differences", xName: "d", values: [-1, 0, 0, 1]
        ).drawing
        #expect(histogram.description.hasPrefix("25.0 % of the differences lie below"))
        let line = LineChart(
            identifier: "l", title: "Lift", xName: "users", yName: "%",
            series: [
                LineChart.Series(
                    name: "gain", points: [ChartPoint(x: 1, y: 2), ChartPoint(x: 2, y: 3)],
                    band: [(1, -10, 12), (2, 1, 5), (3, .nan, 1)])
            ], guide: [ChartPoint(x: 0, y: 0), ChartPoint(x: 2, y: 0)]
        ).drawing
        // The axis has room for the band, and what is not finite is left out.
        #expect(
            line.inline.contains(">-10<") && line.inline.contains("fill-opacity=\".18\"")
                && !line.inline.contains("nan"))
        for drawing in [histogram, line] { #expect(XMLParser(data: Data(drawing.inline.utf8)).parse()) }
    }
}

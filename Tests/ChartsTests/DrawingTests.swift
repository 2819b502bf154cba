import Charts
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct DrawingTests {
    private func chart(_ points: [ChartPoint]) -> LineChart {
        LineChart(
            identifier: "c1", title: "Loss <of> \"a & b\"", xName: "epochs", yName: "nats",
            series: [.init(name: "target", points: points), .init(name: "other & more", points: points)],
            mark: (x: 1, name: "kept"))
    }

    /// Every number of every attribute, and whether it is finite; nil where the text is not XML.
    private func isWellFormed(_ text: String) -> Bool {
        !text.contains("nan") && !text.contains("inf") && XMLParser(data: Data(text.utf8)).parse()
    }

    @Test func `a chart is XML whatever its values and names`() {
        let cases: [[ChartPoint]] = [
            [], [ChartPoint(x: 0, y: 0)], [ChartPoint(x: 1, y: .nan), ChartPoint(x: 2, y: 3)],
            (0..<1000).map { ChartPoint(x: Double($0), y: 1 / Double($0 + 1)) },
            [ChartPoint(x: 0, y: 1e-300), ChartPoint(x: 1e9, y: -1e9)],
        ]
        for points in cases {
            #expect(isWellFormed(chart(points).drawing.inline))
            #expect(isWellFormed(chart(points).drawing.document))
        }
    }

    @Test func `a chart says in words what it shows`() {
        let drawing = chart([ChartPoint(x: 0, y: 0.7), ChartPoint(x: 1, y: 0.5), ChartPoint(x: 2, y: 0.6)])
            .drawing
        #expect(
            drawing.inline.contains("<title id=\"c1-title\">Loss &lt;of&gt; &quot;a &amp; b&quot;</title>"))
        #expect(drawing.inline.contains("aria-labelledby=\"c1-title c1-description\""))
        #expect(
            drawing.description.hasPrefix(
                "target: 0.7000 at first, 0.6000 at last, between 0.5000 and 0.7000."))
    }

    @Test func `a long line is thinned to what the eye can tell apart`() {
        let points = (0..<100_000).map { ChartPoint(x: Double($0), y: Double($0 % 7)) }
        #expect(chart(points).drawing.inline.utf8.count < 20_000)
    }

    @Test func `a chart of its own follows light and dark`() {
        let document = chart([]).drawing.document
        #expect(document.contains("prefers-color-scheme:dark") && document.contains("var(--surface)"))
    }

    @Test func `calibration counts the bins that agree`() {
        let bins = [
            CalibrationChart.Bin(predicted: 0.1, observed: 0.12, lower: 0.08, upper: 0.2),
            CalibrationChart.Bin(predicted: 0.5, observed: 0.3, lower: 0.2, upper: 0.4),
        ]
        let drawing = CalibrationChart(identifier: "k", title: "Calibration", bins: bins).drawing
        #expect(
            drawing.description.hasPrefix("2 bins of samples with neighbouring predictions; in 1 of them"))
        #expect(isWellFormed(drawing.inline))
        #expect(
            isWellFormed(CalibrationChart(identifier: "k", title: "Calibration", bins: []).drawing.inline))
    }
}

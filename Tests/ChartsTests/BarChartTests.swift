import Charts
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct BarChartTests {
    private func chart(_ values: [[Double]], classes: [String] = ["a<", "", "c"]) -> String {
        BarChart(
            identifier: "b", title: "Spread", xName: "x", yName: "%", classes: classes,
            series: values.enumerated().map { .init(name: "series \($0)", values: $1) }, description: "words"
        ).drawing.inline
    }

    @Test func `a chart is XML whatever its values and classes`() {
        for values in [[], [[]], [[1, .nan, .infinity]], [[-1, 0, 1e300]], [[1, 2, 3, 4, 5]]] as [[[Double]]]
        {
            let text = chart(values)
            #expect(
                !text.contains("nan") && !text.contains("inf") && XMLParser(data: Data(text.utf8)).parse())
        }
        #expect(XMLParser(data: Data(chart([[1]], classes: []).utf8)).parse())
    }

    @Test func `a class has one bar a series, none for nothing, and its name where it has one`() {
        let text = chart([[1, 0, 2], [3, 4, 5]])
        let bars = text.matches(of: /<path fill="var\(--(\w+)\)" d="([^"]*)"/).map { match in
            (match.1, match.2.filter { $0 == "M" }.count)
        }
        #expect(bars.map(\.0) == ["one", "two"] && bars.map(\.1) == [2, 3])
        #expect(text.contains("a&lt;") && text.contains(">c<") && text.contains("series 1"))
    }

    @Test func `no chart needs a style attribute, which a strict policy would forbid`() {
        let line = LineChart(
            identifier: "l", title: "l", xName: "", yName: "",
            series: [
                .init(
                    name: "", points: [ChartPoint(x: 0, y: 1), ChartPoint(x: 1, y: 2)],
                    band: [(0, 1, 2), (1, 1, 3)])
            ])
        #expect(!(chart([[1]]) + line.drawing.inline).contains("style="))
    }
}

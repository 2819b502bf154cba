import Testing

@testable import Charts

@Suite struct PlotFrameTests {
    private func frame(_ yName: String, _ series: [String]) -> PlotFrame {
        PlotFrame(x: AxisScale([0, 1]), y: AxisScale([0, 1]), xName: "x", yName: yName, series: series)
    }

    /// Where each text of the top begins: its left edge and its row.
    private func places(_ frame: PlotFrame, _ names: [String]) -> [(x: Double, y: Double)] {
        names.map { name in
            let match = frame.axes.firstMatch(
                of: try! Regex("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\"[^>]*>\(name)<"))!
            return (Double(match[1].substring!)!, Double(match[2].substring!)!)
        }
    }

    @Test func `short names of series stand beside the axis's name, and the plot keeps its height`() {
        let frame = frame("requests/s", ["one", "two"])
        #expect(frame.height == 280 && frame.row(0) == 234 && frame.row(1) == 34)
        #expect(places(frame, ["requests/s", "one", "two"]).map(\.y) == [14, 14, 14])
    }

    @Test func `names that have no room get rows of their own, inside the picture`() {
        for count in 2...6 {
            let names = (0..<count).map { "a/model-of-today-\($0)" }
            let frame = frame("true positive rate", names)
            let places = places(frame, names)
            #expect(places.allSatisfy { $0.y > 14 && $0.x >= 0 && $0.x + 17 * 7 <= frame.width })
            #expect(frame.row(1) - (places.map(\.y).max() ?? 0) >= 0)
            #expect(frame.row(0) - frame.row(1) == 200)
        }
    }

    @Test func `one series needs no name`() {
        #expect(!frame("y", ["alone"]).axes.contains("alone"))
    }
}

import Foundation
import Testing

@testable import Charts

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct InterestChartTests {
    private func chart(steps: Int, targets: Int, hasPaths: Bool = true) -> InterestChart {
        InterestChart(
            title: "Interest of <user> & \"friends\"", behaviours: (0..<steps).map { "item <\($0)>" },
            targets: (0..<targets).map { target in
                InterestChart.Target(
                    name: "target & \(target)", probability: 0.25,
                    attention: (0..<steps).map { ($0 == target ? 0.5 : 0.5 / Double(max(steps - 1, 1))) },
                    changes: hasPaths ? (0..<steps).map(Double.init) : [],
                    path: hasPaths ? (0...steps).map { ChartPoint(x: Double($0), y: Double(target)) } : [])
            })
    }

    @Test(arguments: [(0, 1), (1, 1), (9, 3), (200, 7)])
    func `a picture of any history is XML, and all of it lies inside`(steps: Int, targets: Int) throws {
        for hasPaths in [true, false] {
            let drawing = chart(steps: steps, targets: targets, hasPaths: hasPaths).drawing
            #expect(XMLParser(data: Data(drawing.document.utf8)).parse())
            for (name, limit) in [
                ("x", drawing.width), ("cx", drawing.width), ("y", drawing.height), ("cy", drawing.height),
            ] {
                for match in drawing.document.matches(of: try Regex(" \(name)=\"(-?[0-9.]+)\"")) {
                    let text = try #require(match.output[1].substring)
                    let value = try #require(Double(text))
                    #expect((0...limit).contains(value), "\(name) = \(value) of \(limit)")
                }
            }
        }
    }

    @Test func `a bar is as high as its attention, on one scale for all targets`() throws {
        let document = chart(steps: 3, targets: 2).drawing.document
        let bars = document.matches(of: /height="([0-9.]+)" rx/).compactMap { Double($0.output.1) }
        #expect(bars == [34, 17, 17, 17, 34, 17])
    }

    @Test func `the description names what each target looks at most`() {
        let description = chart(steps: 3, targets: 2).drawing.description
        #expect(
            description.hasPrefix(
                "3 behaviours. target & 0 has probability 0.2500; most attention, 0.500, is on behaviour 1"))
        #expect(description.contains("behaviour 2, item <1>."))
    }

    @Test func `labels that would lie on each other are moved apart`() {
        #expect(InterestChart.apart([10, 12, 40, 11], least: 15) == [10, 40, 55, 25])
    }
}

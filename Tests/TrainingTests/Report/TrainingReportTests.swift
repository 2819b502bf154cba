import Charts
import Experiment
import Foundation
import TestSupport
import Testing
import Training

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct TrainingReportTests {
    static func evaluation(seed: UInt64, samples: Int = 4_000) throws -> Evaluation {
        var random = SplitMix64.printed("report", seed: seed)
        let chances = (0..<samples).map { _ in
            1
                / (1
                    + exp(
                        -2.2
                            * (Double.random(in: -1...1, using: &random)
                                + Double.random(in: -1...1, using: &random))))
        }
        let labels = chances.map { Double.random(in: 0...1, using: &random) < $0 }
        return try Evaluation(
            LabelledScores(chances.map { min(1, $0 * 0.9 + 0.08) }, labels: labels),
            groups: SampleGroups((0..<samples).map { $0 / 2 }))
    }

    static func report() throws -> TrainingReport {
        var curves = TrainingReport.Curves()
        var random = SplitMix64.printed("curves")
        func noise() -> Double { Double.random(in: -0.01...0.01, using: &random) }
        let steps = (1...300).map { Double($0) / 100 }
        curves.targetLoss = steps.map { ChartPoint(x: $0, y: 0.55 + 0.14 * exp(-$0 * 1.5) + noise()) }
        curves.auxiliaryLoss = steps.map { ChartPoint(x: $0, y: 0.7 + 0.68 * exp(-$0) + noise()) }
        curves.selectionAUC = (1...6).map {
            ChartPoint(x: Double($0) / 2, y: [0.68, 0.735, 0.758, 0.766, 0.771, 0.768][$0 - 1])
        }
        curves.selectionLogLoss = (1...6).map {
            ChartPoint(x: Double($0) / 2, y: [0.66, 0.60, 0.575, 0.57, 0.566, 0.572][$0 - 1])
        }
        curves.best = 2.5
        return TrainingReport(
            title: "dien on amazon_sports",
            lead: "Preset paper, seed 1, 35,598 users; kept after 2.5 of 3 epochs.",
            curves: curves,
            results: [("validation", try evaluation(seed: 1)), ("test", try evaluation(seed: 2))],
            configuration: [
                .init("architecture", "dien"), .init("batch size", "128"),
                .init("source <b>", "reviews_Sports_and_Outdoors_5.json.gz & meta"),
                .init("vocabulary", String(repeating: "0123456789abcdef", count: 4)),
            ],
            facts: [.init("time", "3 min 20 s"), .init("samples/s", "9,870")])
    }

    @Test func `the page is one well-formed document without network or script`() throws {
        let html = try Self.report().html
        #expect(XMLParser(data: Data(html.utf8)).parse())
        for foreign in ["http://", "https://", "<script", "src=", "url(", "@import"] {
            let rest = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(!rest.contains(foreign), "\(foreign)")
        }
        #expect(html.contains("source &lt;b&gt;") && html.contains("5.json.gz &amp; meta"))
        #expect(html.utf8.count < 120_000)
    }

    @Test func `the page shows the figures of every split`() throws {
        let report = try Self.report()
        let html = report.html
        for (_, evaluation) in report.results {
            let gauc = try #require(evaluation.groupedAUC)
            let estimates =
                [evaluation.auc.estimate, evaluation.logLoss.estimate]
                + GroupedAUC.Weighting.allCases.map(gauc.estimate)
            for estimate in estimates { #expect(html.contains(">\(NumberText.fixed(estimate.value, 4))<")) }
            let interval = try #require(evaluation.auc.estimate.interval())
            #expect(
                html.contains(
                    "\(NumberText.fixed(interval.lower, 4))–\(NumberText.fixed(interval.upper, 4))"))
        }
        for name in ["PCOC", "normalized entropy", "AUC on validation", "Calibration on test", "Facts"] {
            #expect(html.contains(name), "\(name)")
        }
    }

    @Test func `the same values give the same bytes`() throws {
        #expect(try Self.report().html == Self.report().html)
    }

    @Test func `a training that ended before its first evaluation has a page too`() {
        let report = TrainingReport(
            title: "din", lead: "stopped", curves: .init(), results: [], configuration: [], facts: [])
        #expect(XMLParser(data: Data(report.html.utf8)).parse())
        #expect(!report.html.contains("AUC on"))
    }
}

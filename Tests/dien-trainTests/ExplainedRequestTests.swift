import Charts
import DIEN
import Datasets
import Foundation
import JudgedFixture
import OfflineEvaluation
import Testing

@testable import dien_train

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct ExplainedRequestTests {
    @Test func `a typed history is explained behaviour by behaviour`() throws {
        let named = try JudgedFixture.model()
        let explained = try ExplainedRequest(
            named, history: "149,150, 151", targets: ["153", "1110"], features: ["user=7"])
        #expect(explained.behaviours == ["149", "150", "151"])
        let golden = try named.model.score(
            RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([7]))],
                history: [FeatureColumn(name: "item", values: .ids([149, 150, 151]))],
                candidates: [FeatureColumn(name: "item", values: .ids([153, 1110]))]))
        #expect(explained.targets.map(\.explained.probability) == golden.probabilities)
        let lines = explained.text.split(separator: "\n")
        #expect(lines[0] == "sports@1, 3 behaviours, the oldest first")
        #expect(
            lines.filter { $0.hasPrefix("target ") }.count == 2
                && lines.filter { $0.contains("█") }.count == 6)
    }

    @Test func `a user of a data set is explained with its own targets and clicks`() async throws {
        let named = try JudgedFixture.model()
        try await JudgedFixture.withFolder { path in
            try JudgedFixture.write(to: path)
            let dataset = try Dataset(path: path)
            let explained = try ExplainedRequest(named, dataset, .test, user: 0)
            #expect(explained.behaviours == ["149", "1", "150", "99999999", "18"])
            #expect(explained.targets.map(\.name) == ["153", "1110"])
            #expect(explained.targets.map(\.isClicked) == [true, false])
            let expected = try named.model.explain(JudgedFixture.inputs()[0]).candidates[0]
            #expect(explained.targets[0].explained == expected)
            #expect(throws: CommandError.noSampleOfUser(9, split: "test")) {
                try ExplainedRequest(named, dataset, .test, user: 9)
            }
        }
    }

    @Test(arguments: ["sports@1", "sports@2"])
    func `picture and JSON hold the figures of the text`(name: String) throws {
        let explained = try ExplainedRequest(
            JudgedFixture.model(name), history: "149,150,151,1,152", targets: ["153", "1110"], features: [])
        let document = explained.chart.drawing.document
        #expect(XMLParser(data: Data(document.utf8)).parse())
        #expect(
            document.contains(
                "<title id=\"interest-title\">Interest of a user in 2 targets, by \(name)</title>"))
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(try explained.json().utf8)) as? [String: Any])
        let targets = try #require(json["targets"] as? [[String: Any]])
        #expect(targets.map { ($0["attention"] as? [Double])?.count } == [5, 5])
        #expect(targets.map { ($0["state_changes"] as? [Double])?.count } == [5, 5])
    }

    @Test func `what cannot be read is told by name`() throws {
        let named = try JudgedFixture.model()
        #expect(
            throws: CommandError.unreadable(
                what: "an identifier of this model, a 64-bit integer", text: "boots")
        ) {
            try ExplainedRequest(named, history: "boots", targets: ["1"], features: [])
        }
        #expect(throws: CommandError.options("sports@1 has no profile or context feature 'age'")) {
            try ExplainedRequest(named, history: "1", targets: ["1"], features: ["age=3"])
        }
        let empty = try ExplainedRequest(named, history: "", targets: ["1"], features: [])
        #expect(empty.behaviours.isEmpty && XMLParser(data: Data(empty.chart.drawing.document.utf8)).parse())
    }

    @Test func `an architecture without attention is told so`() throws {
        let candidate = try JudgedFixture.model().model.explain(
            RankingRows(profile: [0], history: [[], []], candidates: [[1], [1]]))[0]
        #expect(candidate.attention.isEmpty)
        let explained = ExplainedRequest(
            model: "base", behaviours: ["1", "2"], targets: [.init(name: "3", explained: candidate)])
        #expect(explained.text.contains("has no attention"))
        #expect(XMLParser(data: Data(explained.chart.drawing.document.utf8)).parse())
    }

    @Test func `a bar is as long as its share`() {
        #expect(ExplainedRequest.bar(1) == String(repeating: "█", count: 24))
        #expect(ExplainedRequest.bar(0) == String(repeating: " ", count: 24))
        #expect(ExplainedRequest.bar(0.25).hasPrefix("██████ "))
        #expect(ExplainedRequest.bar(0.26).hasPrefix("██████▎"))
        #expect(ExplainedRequest.bar(.nan).count == 24)
    }

    /// An ellipse: its long axis is the first component.
    @Test func `principal components find the directions of most variation`() {
        let points = (0..<100).map { index -> [Float] in
            let angle = Double(index) / 100 * 2 * .pi
            let (long, short) = (5 * cos(angle), 2 * sin(angle))
            return [Float(long * 0.6 - short * 0.8 + 3), Float(long * 0.8 + short * 0.6 - 1), 7]
        }
        let components = PrincipalComponents(points)
        let places = points.map { components($0) }
        #expect(abs((places.map(\.x).max() ?? 0) - 5) < 0.02 && abs((places.map(\.y).max() ?? 0) - 2) < 0.02)
        let still = PrincipalComponents([[1, 2], [1, 2]])
        #expect(still([1, 2]) == (0, 0))
        #expect(PrincipalComponents([])([]) == (0, 0))
    }
}

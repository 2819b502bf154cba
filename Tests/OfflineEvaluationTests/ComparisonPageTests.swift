import Foundation
import Testing

@testable import OfflineEvaluation

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct ComparisonPageTests {
    private func page(users: Int) throws -> String {
        try ComparisonPage(
            ComparedFixture.comparison(ComparedFixture.samples(users: users, skills: [1, 1.2]))
        ).html
    }

    @Test func `the page is well-formed and needs nothing from elsewhere`() throws {
        let html = try page(users: 300)
        #expect(XMLParser(data: Data(html.utf8)).parse())
        let rest = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        for foreign in ["http://", "https://", "<script", "src=", "url(", "@import", "<link"] {
            #expect(!rest.contains(foreign), "\(foreign)")
        }
    }

    @Test func `it has each chart once, names escaped, and both schemes`() throws {
        let html = try page(users: 300)
        for chart in [
            "scatter", "differences", "roc", "calibration", "lift", "latency", "disagreement1",
            "disagreement3",
        ] {
            #expect(html.components(separatedBy: "id=\"\(chart)-title\"").count == 2, "\(chart)")
        }
        #expect(html.contains("d&lt;ata") && html.contains("&lt;151&gt;") && !html.contains("<151>"))
        #expect(html.contains("prefers-color-scheme:dark") && html.contains("width=device-width"))
        #expect(!html.contains("nan") && !html.contains("inf"))
    }

    @Test func `its size does not grow with the samples`() throws {
        #expect(try page(users: 20_000).utf8.count < 400_000)
    }
}

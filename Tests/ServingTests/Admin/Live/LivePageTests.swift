import Crypto
import Foundation
import Testing

@testable import Serving

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct LivePageTests {
    /// Whether the page without its script is XML, with no figure that is none.
    private func isWellFormed(_ html: String) -> Bool {
        let text = html.replacing(/<script>.*<\/script>/.dotMatchesNewlines(), with: "")
        return !text.contains("nan") && !text.contains("inf") && XMLParser(data: Data(text.utf8)).parse()
    }

    @Test func `a server without a model has a page`() {
        let html = LivePage(LiveFixture.report(models: [])).html
        #expect(isWellFormed(html))
        #expect(html.contains("The registry has no model") && html.contains("Not ready"))
    }

    @Test func `versions show state, reason, rates and times`() {
        let html = LivePage(LiveFixture.report(models: [LiveFixture.model("sports")])).html
        #expect(isWellFormed(html))
        for text in [
            "version 1 answers", "<span class=\"sign good\">active</span>", "champion", "12.5", "≤ 2.5 ms",
            "<span class=\"sign bad\">refused</span>", "digest &lt;b&gt;", "id=\"requests0-title\"",
            "id=\"wait0-title\"",
            "id=\"scoring0-title\"", "id=\"total0-title\"", "experiment sports.9: candidate INSUFFICIENT",
            "50.00 %",
            "sports 3: refused", "&lt;script&gt;",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test func `an experiment shows guard, outcomes, verdict and how it settled`() {
        let html = LivePage(LiveFixture.report(models: [LiveFixture.model("sports")])).html
        for text in [
            "<span class=\"sign bad\">tripped</span>", "12 bad events &lt;beside&gt; 1", "1.20 %", "1.063",
            "77 open",
            "0.25/s", "candidate: INSUFFICIENT", "Waits for data: 1000 of 5000; log loss: open",
            "-1.25 %", "-3.00 % to +0.50 %", "at least 5,000", "at most 4.60", "few &lt;bad&gt; events",
            "id=\"lift0x0c0-title\"", "Change in log loss over time",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(!html.contains("Change in click-through rate"))
    }

    @Test func `a shadow shows how near it is, segment by segment`() {
        let html = LivePage(LiveFixture.report(models: [LiveFixture.model("sports")])).html
        for text in [
            "Shadow: version 2 beside version 1", "shadow of version 2 INSUFFICIENT", "0.2500", "0.1250",
            "0.8750",
            "0.9375", "6.25 %", "1.50", "history 0",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test func `no two pictures of a page have one name`() {
        let html = LivePage(
            LiveFixture.report(models: [LiveFixture.model("a"), LiveFixture.model("b")])
        ).html
        let names = html.matches(of: /<title id="([^"]+)"/).map { String($0.1) }
        #expect(Set(names).count == names.count && names.count == 10)
    }

    @Test func `a model without requests, and one without a champion, have no charts and no figures`() {
        let idle = LiveReport.Model(
            name: "idle", aliases: [], versions: [LiveFixture.version(1, requests: 0, recent: [])],
            omittedVersions: 3, experiment: nil, shadows: [])
        let html = LivePage(LiveFixture.report(models: [idle])).html
        #expect(isWellFormed(html) && !html.contains("<svg"))
        #expect(html.contains("no champion") && html.contains("3 more versions are not loaded"))
    }

    @Test func `figures that are none leave no trace`() {
        let odd = LiveFixture.version(
            1, requests: 3, recent: [.init(secondsAgo: 1, value: .nan), .init(secondsAgo: 0, value: 2)],
            rates: .init(seconds: 0, requests: .nan, failed: .infinity, refused: 0, fallbacks: 0))
        let model = LiveReport.Model(
            name: "odd", aliases: [], versions: [odd], omittedVersions: 0, experiment: nil, shadows: [])
        #expect(isWellFormed(LivePage(LiveFixture.report(models: [model], uptime: .nan)).html))
    }

    @Test func `the policy names the script and the style that are on the page`() throws {
        let html = LivePage(LiveFixture.report(models: [LiveFixture.model("sports")])).html
        let policy = try #require(LivePage.headers.first { $0.name == "content-security-policy" }?.value)
        for (element, directive) in [("script", "script-src"), ("style", "style-src")] {
            let parts = html.components(separatedBy: "<\(element)>")
            #expect(parts.count == 2)
            let content = try #require(parts.last?.components(separatedBy: "</\(element)>").first)
            let hash = Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString()
            #expect(policy.contains("\(directive) 'sha256-\(hash)';"))
        }
        #expect(!html.contains("style=\"") && !policy.contains("unsafe"))
        #expect(html.matches(of: /\son[a-z]+="/).isEmpty)
    }

    @Test func `the same report gives the same bytes`() {
        let report = LiveFixture.report(models: [LiveFixture.model("sports")])
        #expect(LivePage(report).html == LivePage(report).html)
    }

    @Test func `a page of many models stays small`() {
        let models = (0..<LiveReport.modelLimit).map { LiveFixture.model("model\($0)", versions: 12) }
        #expect(LivePage(LiveFixture.report(models: models)).html.utf8.count < 400_000)
    }

    @Test func `time spans have two units`() {
        #expect(
            [0, 59, 61, 3600, 3725, 90_061].map { LivePage.span($0) }
                == ["0 s", "59 s", "1 min 1 s", "1 h 0 min", "1 h 2 min", "1 d 1 h"])
    }
}

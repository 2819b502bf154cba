import Foundation
import GRPC
import Messages
import RankingClient
import Testing

@testable import dien_client

@Suite struct LoadReportTests {
    private static let millisecond: UInt64 = 1_000_000

    /// 990 calls of 2 ms and 10 that the server refused, in 10 s; one of two workers saw every other.
    private static func result(
        mode: LoadPlan.Mode = .open(rate: 100, isPoisson: false, maximumInFlight: 1000), lag: UInt64 = 0,
        busy: Double = 0.25, message: String = "no"
    ) -> LoadResult {
        let second = 1000 * millisecond
        let plan = LoadPlan(
            server: ServerAddress(host: "ranker"), model: ModelSpec(name: "<sports>"), mode: mode,
            connections: 2,
            threads: 2, warmup: second, duration: 10 * second, deadline: .seconds(2), seed: 42,
            requests: .list([], once: false))
        let shares = (0..<2).map { share in
            var recorder = LoadRecorder(begin: plan.warmup, end: plan.end)
            for number in stride(from: share, to: 1000, by: 2) {
                let intended = second + UInt64(number) * 10 * millisecond
                recorder.started(intended: intended, sent: intended + lag, lag: lag, bytes: 100)
                let call = LoadRecorder.Call(
                    intended: intended, sent: intended + lag, ended: intended + 2 * millisecond)
                recorder.ended(
                    call, number % 100 == 0 ? .failed(.unavailable, message: message) : .answered(bytes: 50))
            }
            let elapsed = 11 * second
            return LoadShare(
                recorder: recorder, elapsed: elapsed, inProgress: 0,
                processorTime: UInt64(Double(elapsed) * busy))
        }
        return LoadResult(plan: plan, shares: shares, started: "2026-11-24T10:00:00.000Z", signal: nil)
    }

    @Test func `the summary has the counts, the rates and the percentiles`() {
        let text = Self.result().text
        for line in [
            "ranker:50051: fixed rate, 100/s over 2 connections, 10.0 s, seed 42",
            "  calls      1,000: 990 answered, 10 failed", "  rate       100/s of 100/s asked",
            "  bytes      97.7 KiB sent, 48.3 KiB received",
            "  client     25 % busy, sent 0.000 ms late at p99, 0.000 ms at most",
            "    UNAVAILABLE        10  no",
        ] { #expect(text.split(separator: "\n").contains(Substring(line)), "\(text)") }
        #expect(text.contains("  latency  2.00  2.00  2.00   2.00    2.00  2.00  2.00"))
        #expect(!text.contains("warning"))
    }

    @Test func `JSON has the same figures by stable names`() throws {
        let json = try JSONSerialization.jsonObject(with: Data(Self.result().json().utf8))
        let document = try #require(json as? [String: Any])
        #expect(document["calls"] as? Int == 1000)
        #expect(document["answered"] as? Int == 990)
        #expect(document["rate_reached"] as? Double == 100)
        let latency = try #require(document["latency_ms"] as? [String: Any])
        #expect(Set(latency.keys) == ["count", "p50", "p90", "p99", "p999", "p9999", "max", "mean"])
        let errors = try #require(document["errors"] as? [[String: Any]])
        #expect(
            errors.count == 1 && errors[0]["status"] as? String == "UNAVAILABLE"
                && errors[0]["count"] as? Int == 10)
        let timeline = try #require(document["timeline"] as? [[String: Any]])
        #expect(timeline.reduce(0) { $0 + ($1["completed"] as? Int ?? 0) } == 1000)
        #expect(timeline.reduce(0) { $0 + ($1["failed"] as? Int ?? 0) } == 10)
    }

    @Test func `a client that is short of time is told from a slow server`() {
        #expect(Self.result().saturation == nil)
        #expect(Self.result(busy: 0.97).saturation?.contains("97 % busy") == true)
        #expect(Self.result(lag: 2 * Self.millisecond).saturation?.contains("2.00 ms late") == true)
        #expect(Self.result(lag: Self.millisecond / 2).saturation == nil)
    }

    @Test func `the page is well-formed, names no other place, and escapes what servers say`() throws {
        let html = LoadReport(result: Self.result(message: "<script>alert(1)</script> & \"more\"")).html
        for outside in ["http:", "https:", "src=", "href=", "@import", "url(", "<script", "<sports>"] {
            let allowed = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(!allowed.contains(outside), "\(outside)")
        }
        #expect(html.components(separatedBy: "<svg ").count == 4)
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"))
        #expect(html.contains("prefers-color-scheme:dark"))
        #expect(html.contains("UNAVAILABLE") && html.contains("fixed rate, 100/s"))
        let body = try #require(html.components(separatedBy: "<!DOCTYPE html>").last)
        let parser = XMLDocumentCheck.parse(body)
        #expect(parser == nil, "\(parser ?? "")")
    }

    @Test func `a load that measured nothing says so`() {
        let plan = Self.result().plan
        let share = LoadShare(
            recorder: LoadRecorder(begin: plan.warmup, end: plan.end), elapsed: 1, inProgress: 0,
            processorTime: 0)
        let result = LoadResult(plan: plan, shares: [share], started: "", signal: 2)
        #expect(result.text.contains("nothing was measured"))
        #expect(LoadReport(result: result).html.contains("Nothing was measured"))
    }
}

/// Whether tags are closed in the order in which they were opened, as XML wants it.
private enum XMLDocumentCheck {
    /// What is wrong; nil where nothing is.
    static func parse(_ text: String) -> String? {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst() {
            guard let end = piece.firstIndex(of: ">") else { return "a tag without end: \(piece.prefix(40))" }
            let tag = piece[..<end]
            let name = tag.prefix { $0 != " " && $0 != "/" && !$0.isNewline }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return "</\(tag.dropFirst())> closes nothing" }
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        return open.isEmpty ? nil : "not closed: \(open)"
    }
}

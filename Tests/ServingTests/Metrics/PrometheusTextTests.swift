import Testing

@testable import Serving

@Suite struct PrometheusTextTests {
    @Test func `label values and help are escaped as the format says`() {
        var family = MetricFamily(name: "x_total", help: "a \\ and\na \"line\"", kind: .counter)
        family.add(3.0, ["name": "back\\slash \"quote\"\nline"])
        #expect(
            PrometheusText.text([family])
                == "# HELP x_total a \\\\ and\\na \"line\"\n# TYPE x_total counter\n"
                + "x_total{name=\"back\\\\slash \\\"quote\\\"\\nline\"} 3\n")
    }

    @Test func `a family without samples is left out`() {
        #expect(PrometheusText.text([MetricFamily(name: "x", help: "", kind: .gauge)]).isEmpty)
    }

    @Test func `numbers are whole, shortest or by name`() {
        #expect(
            [0, 2.5, 1e-4, 1e18, .infinity, -.infinity].map(PrometheusText.number)
                == ["0", "2.5", "0.0001", "1000000000000000000", "+Inf", "-Inf"])
        #expect(PrometheusText.number(.nan) == "NaN")
    }

    @Test func `a histogram is cumulative, ends at +Inf, and sums in seconds`() {
        let histogram = DurationHistogram(bounds: [1_000_000, 2_000_000])
        for duration in [.milliseconds(1), .microseconds(1500), .milliseconds(2), .milliseconds(9)]
            as [Duration]
        {
            histogram.observe(duration)
        }
        var family = MetricFamily(name: "t", help: "t", kind: .histogram)
        family.add(histogram.counts, ["v": "1"])
        #expect(
            PrometheusText.text([family]).split(separator: "\n").dropFirst(2).map(String.init) == [
                "t_bucket{v=\"1\",le=\"0.001\"} 1", "t_bucket{v=\"1\",le=\"0.002\"} 3",
                "t_bucket{v=\"1\",le=\"+Inf\"} 4", "t_sum{v=\"1\"} 0.0135", "t_count{v=\"1\"} 4",
            ])
    }
}

/// One metric of the Prometheus text exposition format 0.0.4, with the samples that it has at a moment.
struct MetricFamily: Sendable, Equatable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// One line: the family's name with a suffix, labels in their order, and a value.
    struct Sample: Sendable, Equatable {
        var suffix = ""
        var labels: [Label]
        var value: Double
    }

    struct Label: Sendable, Equatable {
        let name: String
        let value: String
    }

    let name: String
    let help: String
    let kind: Kind
    var samples: [Sample] = []

    mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
        samples.append(Sample(labels: labels.map { Label(name: $0.key, value: $0.value) }, value: value))
    }

    mutating func add(_ value: UInt64, _ labels: KeyValuePairs<String, String> = [:]) {
        add(Double(value), labels)
    }

    /// A histogram's lines: cumulative buckets with their bounds, `+Inf`, sum and count.
    mutating func add(_ histogram: DurationHistogram.Counts, _ labels: KeyValuePairs<String, String>) {
        let labels = labels.map { Label(name: $0.key, value: $0.value) }
        var count: UInt64 = 0
        for (index, inBucket) in histogram.buckets.enumerated() {
            count += inBucket
            let bound =
                index < histogram.bounds.count
                ? PrometheusText.number(Double(histogram.bounds[index]) / 1e9) : "+Inf"
            samples.append(
                Sample(
                    suffix: "_bucket", labels: labels + [Label(name: "le", value: bound)],
                    value: Double(count)))
        }
        samples.append(
            Sample(suffix: "_sum", labels: labels, value: Double(histogram.sumNanoseconds) / 1e9))
        samples.append(Sample(suffix: "_count", labels: labels, value: Double(count)))
    }
}

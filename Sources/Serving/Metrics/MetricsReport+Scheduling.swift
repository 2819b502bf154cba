/// How calls got to the threads that score.
extension MetricsReport {
    var schedule: [MetricFamily] {
        func family(
            _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: UInt64
        ) -> MetricFamily {
            var family = MetricFamily(name: name, help: help, kind: kind)
            family.add(value)
            return family
        }
        return [
            family(
                "dien_scoring_threads", "Threads that score.", .gauge, UInt64(scheduling.threads)),
            family(
                "dien_queue_length", "Calls that wait for such a thread.", .gauge, UInt64(scheduling.waiting)
            ),
            family(
                "dien_queue_refusals_total", "Calls that the queue had no room for.", .counter,
                scheduling.refused),
            family(
                "dien_batches_total", "Small calls that waited, scored together: how often.", .counter,
                scheduling.batches),
            family(
                "dien_batched_calls_total", "Small calls that waited, scored together: how many.", .counter,
                scheduling.batched),
            family(
                "dien_cut_calls_total", "Large calls that several threads scored.", .counter, scheduling.cut),
        ]
    }
}

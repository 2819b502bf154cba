import DIEN

/// What came of keeping candidates, by model and version: those of the versions that are loaded.
extension MetricsReport {
    var candidateParts: [MetricFamily] {
        var lookups = MetricFamily(
            name: "dien_candidate_part_lookups_total",
            help: "Candidates whose part was there, and whose part was computed.", kind: .counter)
        var evictions = MetricFamily(
            name: "dien_candidate_part_evictions_total", help: "Candidates that left for others.",
            kind: .counter)
        var parts = MetricFamily(
            name: "dien_candidate_parts", help: "Candidates whose part is held.", kind: .gauge)
        var bytes = MetricFamily(
            name: "dien_candidate_part_bytes", help: "Memory that they take.", kind: .gauge)
        for (name, model) in table.models.sorted(by: { $0.key < $1.key }) {
            for (number, status) in model.versions.sorted(by: { $0.key < $1.key }) {
                guard let counts = status.servable?.network.candidateCounts else { continue }
                let version = "\(number)"
                lookups.add(counts.hits, ["model": name, "version": version, "result": "hit"])
                lookups.add(counts.misses, ["model": name, "version": version, "result": "miss"])
                evictions.add(counts.evictions, ["model": name, "version": version])
                parts.add(counts.held, ["model": name, "version": version])
                bytes.add(counts.bytes, ["model": name, "version": version])
            }
        }
        return [lookups, evictions, parts, bytes]
    }
}

import DIEN

/// What the caches of user states came to, by model and version: those of the versions that are loaded.
extension MetricsReport {
    var userStates: [MetricFamily] {
        var lookups = MetricFamily(
            name: "dien_user_state_lookups_total",
            help:
                "User states that were there, that went on from one that was there, and that were computed whole.",
            kind: .counter)
        var evictions = MetricFamily(
            name: "dien_user_state_evictions_total", help: "User states that left for others.", kind: .counter
        )
        var states = MetricFamily(name: "dien_user_states", help: "User states held.", kind: .gauge)
        var bytes = MetricFamily(
            name: "dien_user_state_bytes", help: "Memory that user states take.", kind: .gauge)
        for (name, model) in table.models.sorted(by: { $0.key < $1.key }) {
            for (number, status) in model.versions.sorted(by: { $0.key < $1.key }) {
                guard let counts = status.servable?.userStates?.counts else { continue }
                let version = "\(number)"
                for (result, count) in [
                    ("hit", counts.hits), ("extended", counts.extensions), ("miss", counts.misses),
                ] {
                    lookups.add(count, ["model": name, "version": version, "result": result])
                }
                evictions.add(counts.evictions, ["model": name, "version": version])
                states.add(counts.held, ["model": name, "version": version])
                bytes.add(counts.bytes, ["model": name, "version": version])
            }
        }
        return [lookups, evictions, states, bytes]
    }
}

import Messages

extension StatusReport {
    /// What came of keeping users and candidates, a line each where a version keeps any.
    static func reuse(_ version: VersionStatus) -> [String] {
        var lines: [String] = []
        if let states = version.userStates {
            lines.append(
                "  version \(version.version): user states \(states.hits) found, \(states.extensions) extended, "
                    + held(states))
        }
        if let candidates = version.candidateParts {
            lines.append(
                "  version \(version.version): candidates \(candidates.hits) found, " + held(candidates))
        }
        return lines
    }

    private static func held(_ counts: ReuseCounts) -> String {
        "\(counts.misses) computed, \(counts.evictions) evicted; "
            + "\(counts.held) held, \(fixed(Double(counts.bytes) / 1e6, 1)) MB"
    }
}

extension StatusReport.Document {
    /// By the names of models.proto.
    struct Reuse: Encodable {
        let hits, extensions, misses, evictions, held, bytes: UInt64

        init(_ counts: ReuseCounts) {
            (hits, extensions, misses) = (counts.hits, counts.extensions, counts.misses)
            (evictions, held, bytes) = (counts.evictions, counts.held, counts.bytes)
        }
    }
}

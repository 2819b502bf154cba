internal import Experiment

/// What samples are told apart by.
public enum Segmentation: String, Sendable, CaseIterable {
    /// The length of the history.
    case history
    /// The share of identifiers that are unknown to a model.
    case unknownIDs = "unknown-ids"
    /// Candidates of the request, where that is known.
    case candidates

    /// One part: its name, and whether a sample is in it.
    struct Part {
        let name: String
        let contains: (ScoredSamples, Int) -> Bool
    }

    /// The parts, which share no sample.
    var parts: [Part] {
        switch self {
        case .history: Self.lengths.indices.map(Self.history)
        case .unknownIDs:
            ["none", "under 10 %", "10 % and more"].map { label in
                Part(name: "unknown ids \(label)") { samples, index in
                    Self.unknownLabel(samples.unknownShares[index]) == label
                }
            }
        case .candidates:
            [1..<10, 10..<100, 100..<Int.max].map { range in
                let end = range.upperBound == .max ? "+" : "-\(range.upperBound - 1)"
                return Part(name: "candidates \(range.lowerBound)\(end)") { samples, index in
                    samples.places.map { range.contains($0[index].candidates) } ?? false
                }
            }
        }
    }

    /// The first length of each part by history.
    private static let lengths = [0, 1, 5, 10, 20, 50]

    private static func history(_ index: Int) -> Part {
        let first = lengths[index]
        let end = index == lengths.count - 1 ? Int.max : lengths[index + 1]
        let range = end == .max ? "\(first)+" : end - first == 1 ? "\(first)" : "\(first)-\(end - 1)"
        return Part(name: "history \(range)") { (first..<end).contains($0.lengths[$1]) }
    }

    private static func unknownLabel(_ share: Float) -> String {
        share == 0 ? "none" : share < 0.1 ? "under 10 %" : "10 % and more"
    }
}

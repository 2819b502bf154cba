/// The kinds of requests that are told apart in a comparison: models differ most where there is little to go by.
public struct ShadowSegment: Sendable, Hashable, Codable, CustomStringConvertible {
    /// By what.
    public enum Dimension: String, Sendable, CaseIterable, Codable {
        /// All requests.
        case all
        /// Behaviours that the model used.
        case history
        /// Ids that the model does not know, of all.
        case unknown
        /// Candidates.
        case candidates
    }

    /// By what.
    public let dimension: Dimension
    /// Which part of it.
    public let label: String

    /// A segment.
    public init(dimension: Dimension, label: String) {
        self.dimension = dimension
        self.label = label
    }

    /// "history 10-49".
    public var description: String { dimension == .all ? "all" : "\(dimension.rawValue) \(label)" }

    /// The segments that a request belongs to: all of them, and one of each dimension.
    public static func segments(history: Int, unknownShare: Double, candidates: Int) -> [ShadowSegment] {
        [
            ShadowSegment(dimension: .all, label: ""),
            ShadowSegment(
                dimension: .history, label: label(history, [0, 1, 10, 50], ["0", "1-9", "10-49", "50+"])),
            ShadowSegment(
                dimension: .unknown,
                label: unknownShare == 0 ? "none" : unknownShare < 0.1 ? "under 10 %" : "10 % and more"),
            ShadowSegment(
                dimension: .candidates, label: label(candidates, [1, 10, 100], ["1-9", "10-99", "100+"])),
        ]
    }

    private static func label(_ value: Int, _ starts: [Int], _ labels: [String]) -> String {
        labels[max(0, (starts.lastIndex { value >= $0 } ?? 0))]
    }
}

/// What a candidate has to show, and how sure one has to be.
public struct JudgePolicy: Sendable, Equatable {
    /// The chance, at most, that one of the tests of clicks ever misleads.
    public var alpha = 0.05
    /// The chance, at most, that the guard over bad events alarms without cause.
    public var guardAlpha = 0.01
    /// Units of each arm below which nothing is decided.
    public var minimumUnits = 1000
    /// Impressions of each arm, of closed attribution windows, below which nothing is decided.
    public var minimumImpressions = 5000
    /// How much worse the candidate's click-through rate may be, relative.
    public var clickMargin = 0.02
    /// How much worse its log loss may be, relative.
    public var logLossMargin = 0.01
    /// How much smaller its area under the ROC curve may be, absolute. Arms have different units, so that a difference of AUC
    /// takes many of them to tell.
    public var aucMargin = 0.01
    /// How far predicted over observed clicks may lie from the champion's, relative.
    public var calibrationTolerance = 0.02
    /// Requests that a shadow has scored before anything is decided.
    public var minimumShadowedRequests = 1000
    /// The share of shadowed requests that may fail.
    public var failureTolerance = 0.001
    /// How many times the champion's scoring time the candidate's may be.
    public var latencyTolerance = 2.0
    /// The impressions at which the sequences are tightest.
    public var tuning = 50_000.0
    /// Whether replicas that did not answer are passed over; otherwise the verdict is that data is missing.
    public var allowsMissingReplicas = false

    /// The defaults.
    public init() {}
}

extension JudgePolicy: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case alpha, guardAlpha, minimumUnits, minimumImpressions, clickMargin, logLossMargin,
            aucMargin, calibrationTolerance, minimumShadowedRequests, failureTolerance, latencyTolerance,
            tuning,
            allowsMissingReplicas
    }

    /// Decodes what is there over the defaults; an unknown key and a value that no test can have are refused.
    public init(from decoder: any Decoder) throws {
        self.init()
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable & Comparable>(
            _ key: CodingKeys, _ allowed: ClosedRange<Value>, into value: inout Value
        ) throws {
            guard let found = try container.decodeIfPresent(Value.self, forKey: key) else { return }
            guard allowed.contains(found) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription:
                        "\(found) is outside \(allowed.lowerBound) to \(allowed.upperBound)")
            }
            value = found
        }
        try read(.alpha, 1e-9...0.5, into: &alpha)
        try read(.guardAlpha, 1e-9...0.5, into: &guardAlpha)
        try read(.minimumUnits, 0...1 << 40, into: &minimumUnits)
        try read(.minimumImpressions, 0...1 << 40, into: &minimumImpressions)
        try read(.clickMargin, 0...1, into: &clickMargin)
        try read(.logLossMargin, 0...1, into: &logLossMargin)
        try read(.aucMargin, 0...1, into: &aucMargin)
        try read(.calibrationTolerance, 0...10, into: &calibrationTolerance)
        try read(.minimumShadowedRequests, 0...1 << 40, into: &minimumShadowedRequests)
        try read(.failureTolerance, 0...1, into: &failureTolerance)
        try read(.latencyTolerance, 0...1e6, into: &latencyTolerance)
        try read(.tuning, 1...1e15, into: &tuning)
        allowsMissingReplicas =
            try container.decodeIfPresent(Bool.self, forKey: .allowsMissingReplicas) ?? false
    }

    /// Encodes every setting, so that a verdict can be computed again when the defaults have changed.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(alpha, forKey: .alpha)
        try container.encode(guardAlpha, forKey: .guardAlpha)
        try container.encode(minimumUnits, forKey: .minimumUnits)
        try container.encode(minimumImpressions, forKey: .minimumImpressions)
        try container.encode(clickMargin, forKey: .clickMargin)
        try container.encode(logLossMargin, forKey: .logLossMargin)
        try container.encode(aucMargin, forKey: .aucMargin)
        try container.encode(calibrationTolerance, forKey: .calibrationTolerance)
        try container.encode(minimumShadowedRequests, forKey: .minimumShadowedRequests)
        try container.encode(failureTolerance, forKey: .failureTolerance)
        try container.encode(latencyTolerance, forKey: .latencyTolerance)
        try container.encode(tuning, forKey: .tuning)
        try container.encode(allowsMissingReplicas, forKey: .allowsMissingReplicas)
    }
}

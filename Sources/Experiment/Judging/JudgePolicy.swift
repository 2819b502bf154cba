/// What a candidate has to show, and how sure one has to be.
public struct JudgePolicy: Sendable, Equatable, Codable {
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

    /// The defaults.
    public init() {}
}

import CMessages

/// Sums by bucket of the unit, 1,024 numbers each or none where all are 0: `dien.v1.BucketSums`.
public struct BucketSums: ProtobufMessage {
    /// Requests assigned to the arm.
    public var requests: [Double]
    /// Candidates scored.
    public var candidates: [Double]
    /// Impressions whose window is over.
    public var impressions: [Double]
    /// Clicks on them.
    public var clicks: [Double]
    /// Conversions of them.
    public var conversions: [Double]
    /// Σ p of them.
    public var predictedClicks: [Double]
    /// Σ of their log loss.
    public var logLoss: [Double]
    /// What they brought.
    public var revenue: [Double]
    /// What they cost.
    public var cost: [Double]
    /// Requests that failed.
    public var errors: [Double]
    /// Requests over their latency budget.
    public var overBudget: [Double]
    /// Requests that the champion answered in the place of the arm.
    public var fallbacks: [Double]
    /// Requests with scores which are no number.
    public var nonFinite: [Double]

    /// A message of these parts.
    public init(
        requests: [Double] = [], candidates: [Double] = [], impressions: [Double] = [], clicks: [Double] = [],
        conversions: [Double] = [], predictedClicks: [Double] = [], logLoss: [Double] = [],
        revenue: [Double] = [], cost: [Double] = [], errors: [Double] = [], overBudget: [Double] = [],
        fallbacks: [Double] = [], nonFinite: [Double] = []
    ) {
        self.requests = requests
        self.candidates = candidates
        self.impressions = impressions
        self.clicks = clicks
        self.conversions = conversions
        self.predictedClicks = predictedClicks
        self.logLoss = logLoss
        self.revenue = revenue
        self.cost = cost
        self.errors = errors
        self.overBudget = overBudget
        self.fallbacks = fallbacks
        self.nonFinite = nonFinite
    }

    /// Decodes a `dien.v1.BucketSums`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.BucketSums`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension BucketSums: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__bucket_sums__init)

    init(copying message: Dien__V1__BucketSums) throws(MessageError) {
        unsafe self.init(
            requests: column(message.requests, message.n_requests),
            candidates: column(message.candidates, message.n_candidates),
            impressions: column(message.impressions, message.n_impressions),
            clicks: column(message.clicks, message.n_clicks),
            conversions: column(message.conversions, message.n_conversions),
            predictedClicks: column(message.predicted_clicks, message.n_predicted_clicks),
            logLoss: column(message.log_loss, message.n_log_loss),
            revenue: column(message.revenue, message.n_revenue), cost: column(message.cost, message.n_cost),
            errors: column(message.errors, message.n_errors),
            overBudget: column(message.over_budget, message.n_over_budget),
            fallbacks: column(message.fallbacks, message.n_fallbacks),
            nonFinite: column(message.non_finite, message.n_non_finite))
    }

    func fill(_ message: inout Dien__V1__BucketSums, in arena: Arena) {
        unsafe message.n_requests = requests.count
        unsafe message.requests = unsafe arena.copy(requests)
        unsafe message.n_candidates = candidates.count
        unsafe message.candidates = unsafe arena.copy(candidates)
        unsafe message.n_impressions = impressions.count
        unsafe message.impressions = unsafe arena.copy(impressions)
        unsafe message.n_clicks = clicks.count
        unsafe message.clicks = unsafe arena.copy(clicks)
        unsafe message.n_conversions = conversions.count
        unsafe message.conversions = unsafe arena.copy(conversions)
        unsafe message.n_predicted_clicks = predictedClicks.count
        unsafe message.predicted_clicks = unsafe arena.copy(predictedClicks)
        unsafe message.n_log_loss = logLoss.count
        unsafe message.log_loss = unsafe arena.copy(logLoss)
        unsafe message.n_revenue = revenue.count
        unsafe message.revenue = unsafe arena.copy(revenue)
        unsafe message.n_cost = cost.count
        unsafe message.cost = unsafe arena.copy(cost)
        unsafe message.n_errors = errors.count
        unsafe message.errors = unsafe arena.copy(errors)
        unsafe message.n_over_budget = overBudget.count
        unsafe message.over_budget = unsafe arena.copy(overBudget)
        unsafe message.n_fallbacks = fallbacks.count
        unsafe message.fallbacks = unsafe arena.copy(fallbacks)
        unsafe message.n_non_finite = nonFinite.count
        unsafe message.non_finite = unsafe arena.copy(nonFinite)
    }
}

import CMessages

/// Outcomes whose attribution window is open: `dien.v1.OpenOutcomes`.
public struct OpenOutcomes: ProtobufMessage {
    /// Impressions.
    public var impressions: Double
    /// Clicks on them.
    public var clicks: Double
    /// Conversions of them.
    public var conversions: Double
    /// Σ p of them.
    public var predictedClicks: Double
    /// Σ of their log loss.
    public var logLoss: Double
    /// What they brought.
    public var revenue: Double
    /// What they cost.
    public var cost: Double

    /// A message of these parts.
    public init(
        impressions: Double = 0, clicks: Double = 0, conversions: Double = 0, predictedClicks: Double = 0,
        logLoss: Double = 0, revenue: Double = 0, cost: Double = 0
    ) {
        self.impressions = impressions
        self.clicks = clicks
        self.conversions = conversions
        self.predictedClicks = predictedClicks
        self.logLoss = logLoss
        self.revenue = revenue
        self.cost = cost
    }

    /// Decodes a `dien.v1.OpenOutcomes`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.OpenOutcomes`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension OpenOutcomes: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__open_outcomes__init)

    init(copying message: Dien__V1__OpenOutcomes) throws(MessageError) {
        unsafe self.init(
            impressions: message.impressions, clicks: message.clicks, conversions: message.conversions,
            predictedClicks: message.predicted_clicks, logLoss: message.log_loss, revenue: message.revenue,
            cost: message.cost)
    }

    func fill(_ message: inout Dien__V1__OpenOutcomes, in arena: Arena) {
        unsafe message.impressions = impressions
        unsafe message.clicks = clicks
        unsafe message.conversions = conversions
        unsafe message.predicted_clicks = predictedClicks
        unsafe message.log_loss = logLoss
        unsafe message.revenue = revenue
        unsafe message.cost = cost
    }
}

/// What became of one item of a served request. Events of one item add up: an impression first, a click and a conversion
/// later.
public struct Outcome: Sendable, Equatable {
    /// The probability that the item was shown with, of which log loss and calibration are made.
    public var probability: Double
    /// Whether this event tells that it was shown.
    public var isImpression: Bool
    /// Whether it was clicked.
    public var isClick: Bool
    /// Whether the click led to what was hoped for.
    public var isConversion: Bool
    /// What it brought.
    public var revenue: Double
    /// What it cost.
    public var cost: Double

    /// What became of one item.
    public init(
        probability: Double, isImpression: Bool = false, isClick: Bool = false, isConversion: Bool = false,
        revenue: Double = 0, cost: Double = 0
    ) {
        self.probability = probability
        self.isImpression = isImpression
        self.isClick = isClick
        self.isConversion = isConversion
        self.revenue = revenue
        self.cost = cost
    }
}

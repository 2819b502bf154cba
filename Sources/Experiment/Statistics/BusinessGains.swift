/// What advertisers and the house see: clicks, price of a click, and revenue of a thousand impressions.
public struct BusinessGains: Sendable, Equatable {
    /// Click-through rate, clicks / impressions, relative.
    public let clickThroughRate: Double
    /// Pay per click, revenue / clicks, relative.
    public let payPerClick: Double
    /// Effective cost of a thousand impressions, 1000 revenue / impressions, relative: (1 + ctr) (1 + ppc) = 1 + ecpm.
    public let costPerMille: Double

    /// Sums of one arm.
    public struct Totals: Sendable, Equatable {
        /// Impressions shown.
        public var impressions: Double
        /// Clicks on them.
        public var clicks: Double
        /// What the clicks brought, in any currency.
        public var revenue: Double

        /// The sums of one arm.
        public init(impressions: Double, clicks: Double, revenue: Double) {
            self.impressions = impressions
            self.clicks = clicks
            self.revenue = revenue
        }
    }

    /// Gains of `candidate` over `champion`; nil while one of them lacks impressions, clicks or revenue.
    public init?(candidate: Totals, champion: Totals) {
        for arm in [candidate, champion] {
            guard arm.impressions > 0, arm.clicks > 0, arm.revenue > 0 else { return nil }
        }
        func gain(_ metric: (Totals) -> Double) -> Double { metric(candidate) / metric(champion) - 1 }
        clickThroughRate = gain { $0.clicks / $0.impressions }
        payPerClick = gain { $0.revenue / $0.clicks }
        costPerMille = gain { $0.revenue / $0.impressions }
    }

    /// What the gain in revenue has to be for these gains in clicks and price.
    public static func costPerMille(clickThroughRate: Double, payPerClick: Double) -> Double {
        (1 + clickThroughRate) * (1 + payPerClick) - 1
    }
}

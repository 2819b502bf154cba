import RandomNumbers
import Messages

/// Requests made up from a seed: users with histories, and candidates, whose items are drawn by popularity.
///
/// A user's history is the same whenever the user comes; candidates are drawn anew for each request. Request `n` is a
/// function of the settings, the seed and `n`.
struct SyntheticRequests {
    /// What the requests look like.
    struct Shape: Equatable {
        /// How many behaviours, and how many candidates; drawn uniformly where it is a range.
        var history: ClosedRange<UInt64>
        var candidates: ClosedRange<UInt64>
        /// The exponent of the items' popularity: 0 for all the same, about 1 in most catalogues.
        var skew: Double
        /// The items' ids, and the users'.
        var items: ClosedRange<UInt64>
        var users: ClosedRange<UInt64>
        /// How many different users come; nil for another one in each request, as long as the ids last.
        var distinctUsers: UInt64?
    }

    let shape: Shape
    let model: ModelSpec
    private let seed: UInt64
    private let popularity: ZipfSampler
    private let itemCount: UInt64
    private let stride: UInt64
    private let userCount: UInt64

    init(shape: Shape, model: ModelSpec, seed: UInt64) {
        self.shape = shape
        self.model = model
        self.seed = seed
        itemCount = Self.count(shape.items)
        popularity = ZipfSampler(count: itemCount, exponent: shape.skew)
        stride = Self.stride(itemCount)
        userCount = min(Self.count(shape.users), shape.distinctUsers ?? .max)
    }

    func request(_ number: UInt64) -> RankRequest {
        var random = SplitMix64(seed: seed, of: number)
        let user = shape.distinctUsers == nil ? number % userCount : random.next(upperBound: userCount)
        // Where each request is another user's, it keeps a history of its own also when the ids begin again.
        let owner = shape.distinctUsers == nil ? number : user
        var past = SplitMix64(seed: ~seed, of: owner)
        let id = shape.users.lowerBound + user
        return RankRequest(
            model: model, routingKey: "\(id)", profile: [FeatureColumn(name: "user", ids: [id])],
            history: [FeatureColumn(name: "item", ids: items(shape.history, &past))],
            candidates: [FeatureColumn(name: "item", ids: items(shape.candidates, &random))])
    }

    private func items(_ number: ClosedRange<UInt64>, _ random: inout SplitMix64) -> [UInt64] {
        let count = UInt64.random(in: number, using: &random)
        return (0..<count).map { _ in item(rank: popularity.rank(&random)) }
    }

    /// The id of the item of this popularity: popular ids do not lie side by side, as they would in no catalogue.
    func item(rank: UInt64) -> UInt64 {
        let (high, low) = (rank - 1).multipliedFullWidth(by: stride)
        return shape.items.lowerBound + itemCount.dividingFullWidth((high, low)).remainder
    }

    private static func count(_ ids: ClosedRange<UInt64>) -> UInt64 {
        let distance = ids.upperBound - ids.lowerBound
        return distance == .max ? distance : distance + 1
    }

    /// A number near the golden section of `count` that has no divisor in common with it, so that multiples of it visit
    /// every number once.
    private static func stride(_ count: UInt64) -> UInt64 {
        var stride = max(1, UInt64(Double(count) * 0.618))
        while commonDivisor(stride, count) != 1 { stride += 1 }
        return stride % max(count, 1) == 0 ? 1 : stride % count
    }

    private static func commonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right > 0 { (left, right) = (right, left % right) }
        return left
    }
}

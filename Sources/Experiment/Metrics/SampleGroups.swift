/// Which samples belong together, in click-through data those of one user: they are not independent of each other, so
/// groups, not samples, are what variances are taken over.
public struct SampleGroups: Sendable, Equatable {
    /// The group of each sample, in 0..<count.
    public let indices: [Int]
    /// Groups.
    public let count: Int

    /// Samples with the same identifier are one group; groups are numbered by first occurrence.
    public init<Identifier: Hashable>(_ identifiers: [Identifier]) {
        var numbers: [Identifier: Int] = [:]
        var indices: [Int] = []
        indices.reserveCapacity(identifiers.count)
        for identifier in identifiers {
            let number = numbers[identifier] ?? numbers.count
            if number == numbers.count { numbers[identifier] = number }
            indices.append(number)
        }
        self.indices = indices
        count = numbers.count
    }

    /// The sum of a value a sample over each group.
    func sums(_ values: (Int) -> Double) -> [Double] {
        var sums = [Double](repeating: 0, count: count)
        for (sample, group) in indices.enumerated() { sums[group] += values(sample) }
        return sums
    }
}

internal import Tensors

/// The samples of one split of a ``Dataset``, read where they lie.
public struct Samples: Sendable {
    let sequences: Sequences
    let split: SplitTensors

    /// Samples.
    public var count: Int { split.label.count }

    /// Behaviours of sample `index`: the events before its target, the newest `maxHistory` of them.
    public func length(_ index: Int, maxHistory: Int = .max) -> Int {
        min(Int(split.end[index]), maxHistory)
    }

    /// 1 for a click, 0 for none.
    public func label(_ index: Int) -> Float { Float(split.label[index]) }

    /// The sequence of sample `index`: its user, the group of GAUC.
    public func user(_ index: Int) -> Int { Int(split.sequence[index]) }

    /// The rows of sample `index`'s target, one a feature.
    public func target(_ index: Int) -> [Int32] { split.targets.map { $0[index] } }

    /// The samples `indices`, as columns, in the order given.
    ///
    /// - Parameter maxHistory: behaviours that are kept of each, the newest.
    public func columns(_ indices: [Int], maxHistory: Int) -> SampleColumns {
        let ranges = indices.map { index in
            let begin = sequences.events(user(index)).lowerBound
            let end = begin + Int(split.end[index])
            return end - length(index, maxHistory: maxHistory)..<end
        }
        let total = ranges.reduce(0) { $0 + $1.count }
        let history = sequences.history.map { feature in
            var rows = [Int32](repeating: 0, count: total)
            var next = 0
            for range in ranges {
                feature.copy(range, into: &rows, at: next)
                next += range.count
            }
            return rows
        }
        return SampleColumns(
            profile: sequences.profile.map { feature in indices.map { feature[user($0)] } },
            targets: split.targets.map { feature in indices.map { feature[$0] } },
            history: history, lengths: ranges.map(\.count), labels: indices.map(label))
    }
}

/// Some samples, column by column.
public struct SampleColumns: Sendable, Equatable {
    /// One row a sample, for each feature of the user.
    public var profile: [[Int32]]
    /// One row a sample, for each feature of the target.
    public var targets: [[Int32]]
    /// Rows of the behaviours for each feature: those of the first sample, oldest first, then those of the second.
    public var history: [[Int32]]
    /// Behaviours of each sample.
    public var lengths: [Int]
    /// 1 for a click, 0 for none.
    public var labels: [Float]
}

/// Ascending identifiers in a mapped tensor, with a directory by which searches begin near their end: where the identifiers of
/// each of up to 2,048 equal ranges of values begin.
///
/// Identifiers that are numbered or hashed fill the ranges evenly, and a search reads one cache line or two of the tensor; of
/// those that crowd in some ranges it takes as many steps as in the whole tensor at most. A directory has 16 KiB at most.
public struct AscendingIdentifiers: Sendable {
    private let tensor: MappedTensor<UInt64>
    private let first: UInt64
    /// Of the bits of a distance from the first identifier those that tell no range.
    private let shift: UInt64
    /// Of each range; behind the last one all identifiers.
    private let starts: [Int]

    /// At most 2,048 ranges: half of a first-level cache.
    private static let directoryBits = 11
    /// How many searches go side by side: each takes a step before any takes the next, so that the memory is asked for all of
    /// them at once instead of one after the other.
    private static let searchesAtOnce = 16

    /// Precondition: the elements ascend strictly.
    public init(_ tensor: MappedTensor<UInt64>) {
        self.tensor = tensor
        guard tensor.count > 0 else {
            (first, shift, starts) = (0, 0, [0])
            return
        }
        first = tensor[0]
        // What a lost page reads as does not ascend, and must not end the process.
        let span = tensor[tensor.count - 1] &- first
        // No more ranges than there are identifiers.
        let bits = min(Self.directoryBits, UInt64.bitWidth - tensor.count.leadingZeroBitCount)
        shift = UInt64(max(0, UInt64.bitWidth - span.leadingZeroBitCount - bits))
        var starts: [Int] = [0]
        for range in 0..<Int(span >> shift) {
            let limit = UInt64(range + 1) << shift
            starts.append(Self.firstIndex(of: tensor, from: starts[range], above: first, by: limit))
        }
        self.starts = starts + [tensor.count]
    }

    /// How many there are.
    public var count: Int { tensor.count }

    /// The first element, from `start` on, that is above `first` by `distance` or more.
    private static func firstIndex(
        of tensor: MappedTensor<UInt64>, from start: Int, above first: UInt64, by distance: UInt64
    ) -> Int {
        var (low, high) = (start, tensor.count)
        while low < high {
            let middle = (low + high) / 2
            if tensor[middle] &- first < distance { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The index of each of `values`, -1 where it is not there.
    public func positions(of values: ArraySlice<UInt64>) -> [Int] {
        guard count > 0 else { return [Int](repeating: -1, count: values.count) }
        var found = [Int](repeating: 0, count: values.count)
        unsafe tensor.withStart { start in
            unsafe values.withUnsafeBufferPointer { values in
                unsafe found.withUnsafeMutableBufferPointer { found in
                    for begin in stride(from: 0, to: values.count, by: Self.searchesAtOnce) {
                        let end = min(begin + Self.searchesAtOnce, values.count)
                        unsafe search(start, values, found, begin..<end)
                    }
                }
            }
        }
        return found
    }

    /// Of some of the values: the last element that is not above a value, where there is one, is among the `lengths` from the
    /// one found so far on, at every step.
    private func search(
        _ start: UnsafeRawPointer, _ values: UnsafeBufferPointer<UInt64>,
        _ found: UnsafeMutableBufferPointer<Int>, _ part: Range<Int>
    ) {
        func element(_ index: Int) -> UInt64 {
            unsafe start.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
        }
        var lengths = InlineArray<16, Int>(repeating: 0)
        var longest = 0
        for k in part {
            let range = unsafe range(of: values[k])
            unsafe found[k] = min(range.lowerBound, count - 1)
            lengths[k - part.lowerBound] = range.count
            longest = max(longest, range.count)
        }
        while longest > 1 {
            for k in part {
                let half = lengths[k - part.lowerBound] / 2
                let next = unsafe found[k] &+ half
                unsafe found[k] = unsafe element(next) <= values[k] ? next : found[k]
                lengths[k - part.lowerBound] -= half
            }
            longest -= longest / 2
        }
        for k in part where unsafe element(found[k]) != values[k] { unsafe found[k] = -1 }
    }

    /// Where a value stands if it is there.
    private func range(of value: UInt64) -> Range<Int> {
        guard value >= first else { return 0..<0 }
        let number = (value - first) >> shift
        guard number < starts.count - 1 else { return 0..<0 }
        return starts[Int(number)]..<starts[Int(number) + 1]
    }
}

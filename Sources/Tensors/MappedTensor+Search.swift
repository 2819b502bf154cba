internal import Files

extension MappedTensor<UInt64> {
    /// How many searches go side by side: each takes a step before any takes the next, so that the memory is asked for all of
    /// them at once instead of one after the other.
    private static var searchesAtOnce: Int { 16 }

    /// The index of each of `values` in an ascending tensor, -1 where it is not there.
    public func positions(of values: ArraySlice<UInt64>) -> [Int] {
        guard count > 0 else { return [Int](repeating: -1, count: values.count) }
        var found = [Int](repeating: 0, count: values.count)
        unsafe withStart { start in
            unsafe values.withUnsafeBufferPointer { values in
                unsafe found.withUnsafeMutableBufferPointer { found in
                    for first in stride(from: 0, to: values.count, by: Self.searchesAtOnce) {
                        let end = min(first + Self.searchesAtOnce, values.count)
                        unsafe search(start, values, found, first..<end)
                    }
                }
            }
        }
        return found
    }

    /// Of some of the values. The last element that is not above a value is among `length` from the one found so far on, at
    /// every step, and `length` is the same for all of them.
    private func search(
        _ start: UnsafeRawPointer, _ values: UnsafeBufferPointer<UInt64>,
        _ found: UnsafeMutableBufferPointer<Int>, _ part: Range<Int>
    ) {
        func element(_ index: Int) -> UInt64 {
            unsafe start.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
        }
        var length = count
        while length > 1 {
            let half = length / 2
            for k in part {
                let next = unsafe found[k] &+ half
                unsafe found[k] = unsafe element(next) <= values[k] ? next : found[k]
            }
            length -= half
        }
        for k in part where unsafe element(found[k]) != values[k] { unsafe found[k] = -1 }
    }
}

extension MappedTensor<Int32> {
    /// The element at each position, 0 where a position is negative.
    public func elements(at positions: [Int]) -> [Int] {
        unsafe withStart { start in
            positions.map { position in
                guard position >= 0 else { return 0 }
                precondition(position < count, "outside the tensor")
                return Int(unsafe start.loadUnaligned(fromByteOffset: position &* 4, as: Int32.self))
            }
        }
    }
}

extension MappedTensor<UInt8> {
    /// How the elements in `range` compare with `other`, byte by byte: below 0 where they stand before it, 0 where they are
    /// the same. The range is cut to the tensor.
    public func compare(_ range: Range<Int>, with other: Span<UInt8>) -> Int {
        let range = range.clamped(to: 0..<count)
        return unsafe withStart { start in
            for (index, position) in range.enumerated() {
                guard index < other.count else { return 1 }
                let byte = unsafe start.load(fromByteOffset: position, as: UInt8.self)
                if byte != other[index] { return byte < other[index] ? -1 : 1 }
            }
            return range.count - other.count
        }
    }
}

extension MappedTensor {
    /// Calls `body` with the address of the first element, which need not be aligned. Precondition: there is one.
    private func withStart<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
        unsafe file.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("an empty file") }
            return unsafe body(start + offset)
        }
    }
}

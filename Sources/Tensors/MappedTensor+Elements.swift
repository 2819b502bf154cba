internal import Files

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
    func withStart<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
        unsafe file.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("an empty file") }
            return unsafe body(start + offset)
        }
    }
}

internal import Files

extension MappedTensor {
    /// Place of the elements in the file, in bytes from its start; for messages.
    public func fileOffset(of index: Int) -> Int { offset + index * MemoryLayout<Element>.size }

    /// Appends a copy of the elements in `range` to `target`.
    public func append(_ range: Range<Int>, to target: inout [Element])
    where Element: ExpressibleByIntegerLiteral {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the tensor")
        guard !range.isEmpty else { return }
        let begin = target.count
        target.append(contentsOf: repeatElement(0, count: range.count))
        copy(range, into: &target, at: begin)
    }

    /// Copies the elements in `range` over those of `target` from `begin` on.
    public func copy(_ range: Range<Int>, into target: inout [Element], at begin: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the tensor")
        precondition(begin >= 0 && begin + range.count <= target.count, "outside the target")
        let size = MemoryLayout<Element>.size
        // Bytes are copied, so that elements need not be aligned in the file.
        unsafe file.bytes.extracting(fileOffset(of: range.lowerBound)..<fileOffset(of: range.upperBound))
            .withUnsafeBytes { source in
                unsafe target.withUnsafeMutableBytes { bytes in
                    let part = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: bytes[begin * size..<begin * size + source.count])
                    unsafe part.copyMemory(from: source)
                }
            }
    }

    /// Index of the first element that `isGood` refuses; reads the tensor once, in pieces.
    public func firstIndex(
        ofBadElement isGood: (Element) -> Bool
    ) -> Int? where Element: ExpressibleByIntegerLiteral {
        var piece: [Element] = []
        for begin in stride(from: 0, to: count, by: Self.pieceElements) {
            piece.removeAll(keepingCapacity: true)
            append(begin..<Swift.min(begin + Self.pieceElements, count), to: &piece)
            if let bad = piece.firstIndex(where: { !isGood($0) }) { return begin + bad }
        }
        return nil
    }

    private static var pieceElements: Int { 1 << 14 }
}

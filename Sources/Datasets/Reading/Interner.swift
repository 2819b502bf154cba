/// Different byte strings, numbered from 0 in the order in which they came: identifiers without an object each.
struct Interner {
    /// Longest identifier.
    static let limitBytes = 1024
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Open addressing: a number + 1, or 0.
    private var slots = [Int32](repeating: 0, count: 1 << 10)
    // Other places for the same strings in each run, so that no file can be made to collide.
    private let salt = UInt64.random(in: 0...UInt64.max)

    /// How many there are.
    var count: Int { ends.count - 1 }

    /// Where the bytes of a string stand.
    private func range(_ number: Int) -> Range<Int> { ends[number]..<ends[number + 1] }

    /// The bytes of a string.
    subscript(number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

    /// The number of a string that is there.
    func number(of source: [UInt8], _ part: Range<Int>) -> Int? {
        let slot = slot(of: source, part)
        return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
    }

    /// The number of a string, which is added if it is new; nil when it can be no identifier: empty, too long, not UTF-8,
    /// or with a NUL.
    mutating func intern(_ source: [UInt8], _ part: Range<Int>) -> Int? {
        let slot = slot(of: source, part)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        guard (1...Self.limitBytes).contains(part.count), count < Int(Int32.max) - 1,
            !source[part].contains(0),
            String(validating: source[part], as: UTF8.self) != nil
        else { return nil }
        bytes.append(contentsOf: source[part])
        ends.append(bytes.count)
        slots[slot] = Int32(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private func slot(of source: [UInt8], _ part: Range<Int>) -> Int {
        var slot = Int(truncatingIfNeeded: hash(source, part)) & (slots.count - 1)
        while slots[slot] != 0, !isEqual(Int(slots[slot]) - 1, source, part) {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func isEqual(_ number: Int, _ source: [UInt8], _ part: Range<Int>) -> Bool {
        let own = range(number)
        guard own.count == part.count else { return false }
        for index in 0..<own.count where bytes[own.lowerBound + index] != source[part.lowerBound + index] {
            return false
        }
        return true
    }

    private func hash(_ source: [UInt8], _ part: Range<Int>) -> UInt64 {
        var state = salt
        for index in part {
            state = (state ^ UInt64(source[index])) &* 0x9FB2_1C65_1E98_DF25
            state ^= state >> 29
        }
        return state ^ (state >> 32)
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: hash(bytes, range(number))) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number + 1)
        }
    }
}

import TestSupport
import Testing

@testable import Datasets

struct InternerTests {
    @Test func `equal strings have one number, different ones others`() {
        var interner = Interner()
        var numbers: [String: Int] = [:]
        var generator = SplitMix64.printed("interner")
        for _ in 0..<20_000 {
            let text = String(Int.random(in: 0..<5000, using: &generator), radix: 7)
            let bytes = Array("<\(text)>".utf8)
            let number = interner.intern(bytes, 1..<bytes.count - 1)
            #expect(number == numbers[text, default: numbers.count])
            numbers[text] = number
            #expect(interner.number(of: bytes, 1..<bytes.count - 1) == number)
        }
        #expect(interner.count == numbers.count)
        for (text, number) in numbers { #expect(Array(interner[number]) == Array(text.utf8)) }
    }

    @Test func `what can be no identifier is refused`() {
        var interner = Interner()
        for bytes: [UInt8] in [[], [0xFF], [0x61, 0], [UInt8](repeating: 0x61, count: 1025)] {
            #expect(interner.intern(bytes, 0..<bytes.count) == nil)
        }
        #expect(interner.number(of: [0x61], 0..<1) == nil && interner.count == 0)
    }
}

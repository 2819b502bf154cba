import Testing

@testable import Serving

/// The local guard: which events count, and when there are too many on one side.
@Suite struct BadEventTests {
    /// ln E of (0, n) at equal shares is n ln 2 - ln(n + 1): 4.54 at n = 10, 5.14 at 11; ln 100 is 4.61.
    @Test func `eleven events on one of two equal arms sound the alarm, ten do not`() throws {
        var guarded = try #require(BadEventGuard(referenceWeight: 1, weight: 1))
        func count(isReference: Bool) -> Bool { guarded.count(isReference: isReference) }
        #expect((0..<10).allSatisfy { _ in !count(isReference: false) })
        #expect(count(isReference: false) && guarded.isAlarm)
        // It sounds once, and stands.
        #expect(!count(isReference: false) && guarded.isAlarm)
    }

    @Test func `events of the arm that is compared with never sound it`() throws {
        var guarded = try #require(BadEventGuard(referenceWeight: 1, weight: 1))
        func count(isReference: Bool) -> Bool { guarded.count(isReference: isReference) }
        #expect((0..<1000).allSatisfy { _ in !count(isReference: true) })
        #expect(!guarded.isAlarm && guarded.counts == [1000, 0])
    }

    @Test func `events that fall on both as their weights say are no alarm`() throws {
        var guarded = try #require(BadEventGuard(referenceWeight: 3, weight: 1))
        func count(isReference: Bool) -> Bool { guarded.count(isReference: isReference) }
        for _ in 0..<500 {
            for isReference in [true, true, true, false] {
                #expect(!count(isReference: isReference))
            }
        }
        #expect(BadEventGuard(referenceWeight: 0, weight: 1) == nil)
    }
}

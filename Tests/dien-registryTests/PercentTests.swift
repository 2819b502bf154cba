import Testing

@testable import dien_registry

@Suite struct PercentTests {
    @Test(arguments: [
        ("0", UInt32(0)), ("2", 200), ("100", 10_000), ("100.00", 10_000), ("0.01", 1), ("0.1", 10),
        ("12.34", 1_234),
    ])
    func `percent are read as basis points`(text: String, points: UInt32) {
        #expect(Percent(argument: text)?.basisPoints == points)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-1", "+1", "1.234", "100.01", "101", "1e1", "1%", " 1", "1,5", "٣",
        "4294967297", "1.2.3",
    ])
    func `what is no percentage from 0 to 100 is refused`(text: String) {
        #expect(Percent(argument: text) == nil)
    }

    @Test func `every basis point is written so that it is read as itself`() {
        for points in UInt32(0)...10_000 {
            #expect(Percent(argument: Percent(basisPoints: points).argument)?.basisPoints == points)
        }
    }
}

import Testing

@testable import dien_client

@Suite struct LoadArgumentsTests {
    @Test(arguments: [("50", 50...50), ("10-100", 10...100), ("0-18446744073709551615", 0...UInt64.max)])
    func `a number or a range is read`(text: String, bounds: ClosedRange<UInt64>) throws {
        let range = try #require(NumberRange(argument: text))
        #expect(range.bounds == bounds)
        #expect(range.description == text)
    }

    @Test(arguments: ["", "-", "5-", "-5", "9-1", "1-2-3", "a", "1.5"])
    func `what is no range is refused`(text: String) {
        #expect(NumberRange(argument: text) == nil)
    }

    @Test(arguments: [
        ("10", 10.0), ("10s", 10), ("1.5s", 1.5), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("0", 0),
    ])
    func `a length of time has a unit, or is in seconds`(text: String, seconds: Double) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "s", "-1s", "1d", "nan", "inf", "1e99h"])
    func `what is no length of time is refused`(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test func `an allowance is a count or a share`() throws {
        #expect(ErrorAllowance(argument: "5")?.isExceeded(failed: 5, of: 10) == false)
        #expect(ErrorAllowance(argument: "5")?.isExceeded(failed: 6, of: 1_000_000) == true)
        #expect(ErrorAllowance(argument: "0.1%")?.isExceeded(failed: 1, of: 1000) == false)
        #expect(ErrorAllowance(argument: "0.1%")?.isExceeded(failed: 2, of: 1000) == true)
        for text in ["", "-1", "101%", "x%", "1.5"] { #expect(ErrorAllowance(argument: text) == nil) }
    }
}

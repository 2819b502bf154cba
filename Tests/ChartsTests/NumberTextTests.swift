import Charts
import Testing

struct NumberTextTests {
    @Test(arguments: [
        (0.77218, 4, "0.7722"), (0.5, 0, "1"), (-0.00001, 4, "0.0000"), (-1.005, 1, "-1.0"), (12, 2, "12.00"),
        (0.05, 2, "0.05"), (1.9999, 3, "2.000"), (.infinity, 2, "inf"), (1e300, 2, "1e+300"),
    ])
    func `a number has as many digits as asked for`(value: Double, digits: Int, text: String) {
        #expect(NumberText.fixed(value, digits) == text)
    }

    @Test func `signs, p-values and counts`() {
        #expect(NumberText.signed(0.0035, 4) == "+0.0035" && NumberText.signed(-0.2, 1) == "-0.2")
        #expect(NumberText.probability(0.02718) == "0.0272" && NumberText.probability(1e-9) == "< 0.0001")
        #expect(NumberText.count(121_216) == "121,216" && NumberText.count(999) == "999")
        #expect(NumberText.count(1_000_000) == "1,000,000" && NumberText.count(-1_234) == "-1,234")
    }
}

import Messages
import Testing

@testable import dien_client

struct FeatureArgumentTests {
    @Test(arguments: [
        ("1,2,3", nil, FeatureColumn.Values.ids([1, 2, 3])),
        ("item=18446744073709551615", "item", .ids([.max])),
        ("hour=23", "hour", .ids([23])), ("country=de", "country", .strings(["de"])), ("a=", "a", .ids([])),
        ("mixed=1,x", "mixed", .strings(["1", "x"])), (#"quoted="7","8""#, "quoted", .strings(["7", "8"])),
        ("eq=a=b", "eq", .strings(["a=b"])),
        ("big=18446744073709551616", "big", .strings(["18446744073709551616"])),
    ]) func `numbers are ids and everything else is text`(
        argument: String, name: String?, values: FeatureColumn.Values
    ) {
        let parsed = FeatureArgument(argument: argument)
        #expect(parsed?.name == name)
        #expect(parsed?.values == values)
    }

    @Test func `a value needs a name before its equals sign`() {
        #expect(FeatureArgument(argument: "=1") == nil)
    }
}

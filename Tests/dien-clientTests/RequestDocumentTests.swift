import Foundation
import Messages
import Testing

@testable import dien_client

struct RequestDocumentTests {
    static let golden = """
        {"profile": {"user": [7]}, "history": {"item": [149, 18446744073709551615]}, \
        "candidates": {"item": [153], "brand": ["acme"]}, "context": {}, "probabilities": [0.86]}
        """

    @Test func `a golden request is read with every bit of its ids`() throws {
        let document = try #require(try RequestDocument.read(Data(Self.golden.utf8)).first)
        #expect(document.profile == [FeatureColumn(name: "user", ids: [7])])
        #expect(document.history == [FeatureColumn(name: "item", ids: [149, .max])])
        #expect(
            document.candidates == [
                FeatureColumn(name: "brand", strings: ["acme"]), FeatureColumn(name: "item", ids: [153]),
            ])
        #expect(document.context.isEmpty)
    }

    @Test func `several lines are several requests, and one object may span lines`() throws {
        let two = Self.golden + "\n\n" + Self.golden + "\n"
        #expect(try RequestDocument.read(Data(two.utf8)).count == 2)
        let spread = "{\n  \"candidates\": {\n    \"item\": [1]\n  }\n}\n"
        #expect(try RequestDocument.read(Data(spread.utf8)).first?.candidates.first?.count == 1)
    }

    @Test(arguments: [
        (#"{"candidate": {"item": [1]}}"#, "candidate"),
        (#"{"candidates": {"item": [-1]}}"#, "candidates.item"),
        (#"{"candidates": {"item": [1.5]}}"#, "candidates.item"),
        (#"{"candidates": {"item": 1}}"#, "candidates.item"),
        (#"{"candidates": {"item": [1, "a"]}}"#, "candidates.item"),
    ]) func `a mistake is told with its place`(text: String, place: String) throws {
        let error = #expect(throws: DecodingError.self) { try RequestDocument.read(Data(text.utf8)) }
        #expect(error?.line.contains(place) == true, "\(error?.line ?? "")")
    }
}

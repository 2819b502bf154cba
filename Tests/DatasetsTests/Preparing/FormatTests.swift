import Foundation
import Testing

@testable import Datasets

/// One content in each of the formats makes one data set.
struct FormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a quoted CSV makes the data set of the TSV`() throws {
        let cut = try fixture("amazon_sports_cut")
        let rows = try String(contentsOfFile: cut + "/interactions.tsv", encoding: .utf8).split(
            separator: "\n")
        let header = "\"User ID\",timestamp,\"movieId\",category,\"a \"\"quoted\"\",\r\nnote\""
        let lines = rows.dropFirst().enumerated().map { index, row in
            let fields = row.split(separator: "\t")
            return index % 2 == 0
                ? "\(fields[0]),\(fields[3]),\"\(fields[1])\",\(fields[2]),\"x,\ny\""
                : "\"\(fields[0])\",\(fields[3]).0,\(fields[1]),\"\(fields[2])\","
        }
        let csv = try folder.write("ratings.csv", ([header] + lines).joined(separator: "\r\n") + "\r\n")
        let others = [cut + "/items.tsv", cut + "/split.tsv"]
        let set = try PreparedSet([csv] + others, in: folder)
        #expect(set.summary.malformed == MalformedLines())
        let expected = try PreparedSet([cut], in: folder).bytes()
        #expect(try Array(set.bytes().dropFirst()) == Array(expected.dropFirst()))
    }

    @Test func `a table without names takes them from an option`() throws {
        let csv = try folder.write("ratings.csv", "u1,a,5.0,3\nu1,b,1.0,4\nu2,b,2.0,1\nu2,c,2.5,2\n")
        let set = try PreparedSet([csv], in: folder) {
            $0.columns = ["user", "item", "rating", "timestamp"]
            $0.testBucket = 2
        }
        #expect(set.summary.users == 2 && set.summary.events == 4)
        #expect(set.dataset.description.tables[0].ids == .string)
    }

    @Test(arguments: [
        ["reviews_Cut_5.json.gz", "meta_Cut.json.gz"], ["meta_Cut.python.gz", "reviews_Cut_5.python.gz"],
    ])
    func `packed reviews and metadata, JSON or Python, make the data set of the table`(names: [String]) throws
    {
        let amazon = try fixture("amazon_reviews")
        let set = try PreparedSet(names.map { "\(amazon)/\($0)" }, in: folder) { $0.testBucket = 1 }
        #expect(set.summary.malformed == MalformedLines())
        #expect(set.summary.users == 40 && set.summary.events == 440 && set.summary.items == 388)
        // Users and items have other names here, so that other draws follow; what does not is compared.
        let users = try Set(set.names("user").values)
        let table = try PreparedSet([fixture("amazon_sports_cut")], in: folder)
        let positives = try table.texts(.train).filter { $0.contains(" 1.0: ") }
        let own = try set.texts(.train).filter { $0.contains(" 1.0: ") }
        let renamed = positives.map(Self.renamed).filter { users.contains(String($0.prefix { $0 != " " })) }
        let shared = Set(own).intersection(renamed)
        #expect(shared.count >= 25 && shared.count >= renamed.count * 9 / 10)
        let categories = try set.rows("category").map(\.id)
        #expect(categories.allSatisfy { $0.hasPrefix("c'") } && !categories.isEmpty)
        let last = try PreparedSet(names.map { "\(amazon)/\($0)" }, in: folder) {
            $0.usesLastCategoryPath = true
        }
        #expect(try last.rows("category").map(\.id) == ["z"])
    }

    /// "1 8 1.0: 2 3" of the table as the reviews name them.
    private static func renamed(_ text: String) -> String {
        let parts = text.split(separator: " ")
        func item(_ id: Substring) -> String { "B" + String(repeating: "0", count: 6 - id.count) + id }
        return (["A" + parts[0], item(parts[1]), String(parts[2])] + parts[3...].map(item)).joined(
            separator: " ")
    }

    @Test func `the reference's samples are taken as they are`() throws {
        let set = try PreparedSet([fixture("reference")], in: folder)
        #expect(set.dataset.description.splits == [.train: 106, .validation: 0, .test: 14])
        #expect(set.dataset.description.sampling == .given && set.dataset.sequenceCount == 60)
        let table = try PreparedSet([fixture("amazon_sports_cut")], in: folder)
        let expected = try table.texts(.train).filter {
            Int($0.split(separator: " ")[0]).map { $0 <= 60 } ?? false
        }.map { text in
            let parts = text.split(separator: " ")
            return (["U" + parts[0], "I" + parts[1], String(parts[2])] + parts[3...].map { "I" + $0 })
                .joined(separator: " ")
        }
        #expect(try set.texts(.train) == expected.sorted())
        #expect(try set.texts(.test).allSatisfy { $0.hasPrefix("? ") })
        let held = try PreparedSet([fixture("reference")], in: folder) { $0.validation = 0.4 }
        let splits = held.dataset.description.splits
        #expect((splits[.train] ?? 0) + (splits[.validation] ?? 0) == 106 && (splits[.validation] ?? 0) > 0)
    }

    @Test func `packed data that is cut off or damaged is refused`() throws {
        let path = try fixture("amazon_reviews") + "/reviews_Cut_5.json.gz"
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for bytes in [Array(whole.dropLast(9)), Array(whole[..<200]) + [0xFF, 0xFF] + Array(whole[202...])] {
            let damaged = try folder.write("reviews.json.gz", bytes)
            #expect(throws: DatasetError.self) { try PreparedSet([damaged], in: folder) }
        }
        // Members one after another are one file (RFC 1952, 2.2).
        let double = try folder.write("reviews.json.gz", whole + whole)
        #expect(try PreparedSet([double], in: folder).summary.events == 880)
    }
}

import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Whatever stands in a file: each line is taken or counted, and nothing crashes.
struct MalformedLinesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ path: String, strict: Bool = false) throws -> InteractionReader {
        var options = PreparationOptions()
        options.isStrict = strict
        var reader = InteractionReader(options, folder: folder.path) { _ in }
        for input in try Input.inspect([path], options) { try reader.read(input) }
        return reader
    }

    @Test func `malformed lines are counted, the first ten shown, and strict stops at the first`() throws {
        let bad = ["1\t2", "\ta\t1", "1\t\t1", "1\ta\tyesterday", "1\ta\u{0}\t1", "1\ta\t1\t2"]
        let lines = ["user\titem\ttimestamp", "1\ta\t1"] + bad + ["", "2\tb\t-5", "1\tc\t2.5"] + bad
        let path = try folder.write("interactions.tsv", lines.joined(separator: "\n"))
        let reader = try read(path)
        #expect(reader.events.count == 3 && reader.malformed.count == 12)
        #expect(reader.malformed.first.map(\.number) == [3, 4, 5, 6, 7, 8, 12, 13, 14, 15])
        #expect(reader.malformed.first[3].reason == "its timestamp is no number")
        #expect {
            try read(path, strict: true)
        } throws: { error in
            guard case DatasetError.malformedLine(path, 3, _) = error else { return false }
            return true
        }
        #expect(throws: DatasetError.self) {
            try read(
                folder.write(
                    "interactions.tsv",
                    [0x75, 0x73, 0x65, 0x72, 0x09, 0xFF] + Array("\titem\n".utf8) + [0xFF]), strict: true)
        }
    }

    @Test func `a quote that is never closed costs one record`() throws {
        let good = (0..<10_000).map { "\($0),i,1\n" }.joined()
        let path = try folder.write("a.csv", "user,item,timestamp\n" + good + "x,\"i,1\n" + good)
        let reader = try read(path)
        #expect(reader.malformed.first.first?.number == 10_002)
        // It swallows what it may, 65,536 bytes, and not the rest.
        #expect(reader.events.count > 12_000 && reader.malformed.count < 10)
        #expect(try read(folder.write("b.csv", "user,item,timestamp\n1,\"2\",3\n1,\"2")).malformed.count == 1)
    }

    @Test func `random bytes, damaged and cut lines are taken or counted`() throws {
        var generator = SplitMix64.printed("malformed lines")
        let table = ["user\titem\tcategory\ttimestamp", "1\ta\tc\t5", "2\tb\tc\t7"]
        let review =
            #"{"reviewerID": "A1", "asin": 'B2', "unixReviewTime": 7, "x": [1, {"y": (True, None)}]}"#
        let sample = "1\tu\ti\tc\ta\u{2}b\tc\u{2}d"
        for (name, header, line) in [
            ("t.tsv", table[0], table[1]), ("t.csv", "user,item,category,timestamp", "1,\"a\",c,5"),
            ("t.json", review, review), ("local_train", sample, sample),
        ] {
            for _ in 0..<60 {
                var lines = [Array(header.utf8)]
                for _ in 0..<12 { lines.append(Self.damaged(Array(line.utf8), &generator)) }
                let path = try folder.write(name, Array(lines.joined(separator: [0x0A])))
                try check(path, name, lines: lines)
            }
        }
    }

    private func check(_ path: String, _ name: String, lines: [[UInt8]]) throws {
        let filled = lines.count { !$0.isEmpty && $0 != [0x0D] }
        if name == "local_train" {
            var reader = ReferenceReader(PreparationOptions())
            var samples = 0
            for input in try Input.inspect([path], PreparationOptions()) {
                try reader.read(
                    input, isCounting: true, report: { _ in }, sequence: { samples += $0.samples.count })
            }
            #expect(samples + reader.malformed.count == filled)
            return
        }
        let reader = try read(path)
        guard name != "t.csv" else { return }
        // Metadata, which a damaged review may turn into, is taken without being an event.
        let taken = reader.events.count + reader.malformed.count + (name == "t.tsv" ? 1 : 0)
        #expect(name == "t.json" ? taken <= filled : taken == filled)
    }

    /// Random bytes, or the line with some bytes replaced, or its beginning; never with a line end in it.
    private static func damaged(_ line: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var result = line
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            result = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        case 1: result = Array(line.prefix(Int.random(in: 0...line.count, using: &generator)))
        case 2:
            let place = Int.random(in: 0..<line.count, using: &generator)
            result[place] = UInt8.random(in: 0...255, using: &generator)
        default: break
        }
        return result.map { $0 == 0x0A ? 0x20 : $0 }
    }

    @Test func `any bytes at all end in a data set or a refusal`() throws {
        var generator = SplitMix64.printed("any bytes")
        for _ in 0..<150 {
            let bytes = (0..<Int.random(in: 0..<300, using: &generator)).map { _ in
                // Mostly the bytes that mean something to one of the parsers.
                let special = Array("{}[]()'\"\\,\t\n:u1ax\u{2}\u{1F}".utf8)
                return Bool.random(using: &generator)
                    ? special[Int.random(in: 0..<special.count, using: &generator)]
                    : UInt8.random(in: 0...255, using: &generator)
            }
            let path = try folder.write("any", bytes)
            for format in InputFormat.allCases {
                let set = try? PreparedSet([path], in: folder) {
                    $0.format = format
                    $0.columns = ["user", "item", "timestamp"]
                }
                if let set { try FileManager.default.removeItem(atPath: set.dataset.path) }
            }
        }
    }
}

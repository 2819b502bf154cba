import DIEN
import Tensors
import Testing

/// vocabulary.safetensors: what is accepted, how it is searched, and what is refused.
struct VocabularyTests {
    /// The folder of dien.paper with another vocabulary; `item` identifiers are strings when `names` are given.
    private func folder(_ names: [String]? = nil, _ write: (inout TensorsWriter) -> Void) throws
        -> MemoryModel
    {
        let golden = try GoldenCase("dien.paper")
        var folder = try golden.folder()
        var writer = TensorsWriter()
        write(&writer)
        folder.files["vocabulary.safetensors"] = writer.file
        if names != nil {
            folder[text: "config.json"] = folder[text: "config.json"]
                .replacing(#""rows": 37, "ids": "uint64""#, with: #""rows": 37, "ids": "string""#)
        }
        folder[text: "golden.jsonl"] = #"{"candidates": {"item": ["a"]}, "probabilities": [0.5]}"#
        return folder
    }

    private func addIntegers(_ writer: inout TensorsWriter, _ table: String, rows: [Int32]) {
        writer.add("\(table).ids", rows.indices.map { UInt64($0 * 10) })
        writer.add("\(table).rows", rows)
    }

    private func addStrings(_ writer: inout TensorsWriter, _ strings: [[UInt8]], offsets: [UInt64]? = nil) {
        writer.add("item.bytes", text: strings.flatMap { $0 })
        var ends: [UInt64] = [0]
        for string in strings { ends.append((ends.last ?? 0) + UInt64(string.count)) }
        writer.add("item.offsets", offsets ?? ends)
        writer.add("item.rows", strings.indices.map { Int32($0 + 1) })
        writer.add("item.category", strings.indices.map { Int32($0 % 7) })
    }

    private func refusal(_ names: [String]? = nil, _ write: (inout TensorsWriter) -> Void) throws
        -> ModelError?
    {
        do {
            _ = try Model(files: folder(names, write))
            return nil
        } catch { return error as? ModelError }
    }

    @Test func `identifiers are found by value, whatever their rows`() throws {
        let model = try Model(
            files: folder { writer in
                addIntegers(&writer, "user", rows: [3, 2])
                addIntegers(&writer, "item", rows: [5, 0, 36, 5])
                writer.add("item.category", [1, 1, 1, 1] as [Int32])
                addIntegers(&writer, "category", rows: [6])
            })
        let scores = try model.score(
            RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([10]))],
                candidates: [FeatureColumn(name: "item", values: .ids([0, 10, 20, 30, 5, 40]))]))
        #expect(scores.probabilities[0] == scores.probabilities[3])
        #expect(scores.probabilities[0] != scores.probabilities[2])
        #expect(scores.unknownIDs == [UnknownIDs(role: .candidates, feature: "item", count: 3)])
    }

    @Test func `strings are found bytewise`() throws {
        let names = ["", "B", "a", "ab", "b", "é"]
        let model = try Model(
            files: folder(names) { writer in
                addIntegers(&writer, "user", rows: [1])
                addStrings(&writer, names.map { Array($0.utf8) })
                addIntegers(&writer, "category", rows: [6])
            })
        func scores(_ names: [String]) throws -> Scores {
            try model.score(
                RankingInput(
                    profile: [FeatureColumn(name: "user", values: .ids([0]))],
                    history: [FeatureColumn(name: "item", values: .ids([]))],
                    candidates: [FeatureColumn(name: "item", values: .strings(names))]))
        }
        #expect(try scores(names).unknownIDs.isEmpty)
        #expect(Set(try scores(names).probabilities).count == names.count)
        let unknown = ["A", "aa", "abc", "c", "e\u{301}", "\0"]
        #expect(try scores(unknown).unknownIDs.first?.count == unknown.count)
    }

    @Test func `rows out of range and identifiers out of order are refused`() throws {
        for rows: [Int32] in [[37], [-1], [.max]] {
            let error = try refusal { writer in
                addIntegers(&writer, "user", rows: [1])
                addIntegers(&writer, "item", rows: rows)
                writer.add("item.category", [1] as [Int32])
                addIntegers(&writer, "category", rows: [1])
            }
            #expect(
                error
                    == .invalidVocabulary(
                        tensor: "item.rows", reason: "element 0 is row \(rows[0]) of a table of 37 rows"))
        }
        for ids: [UInt64] in [[2, 1], [1, 1]] {
            let error = try refusal { writer in
                writer.add("user.ids", ids)
                writer.add("user.rows", [1, 2] as [Int32])
            }
            guard case .invalidVocabulary("user.ids", _) = error else {
                Issue.record("not refused: \(String(describing: error))")
                return
            }
        }
    }

    @Test func `a lookup that is missing or a tensor that nobody needs is refused`() throws {
        let missing = try refusal { writer in
            for table in ["user", "item", "category"] { addIntegers(&writer, table, rows: [1]) }
        }
        #expect(
            missing
                == .invalidTensors(.missingTensor(path: "vocabulary.safetensors", tensor: "item.category")))
        let extra = try refusal { writer in
            for table in ["user", "item", "category"] { addIntegers(&writer, table, rows: [1]) }
            writer.add("item.category", [1] as [Int32])
            writer.add("item.colour", [1] as [Int32])
        }
        #expect(extra == .unexpectedTensor(file: "vocabulary.safetensors", tensor: "item.colour"))
    }

    @Test(
        arguments: [
            ([[0x61], [0x61]], nil), ([[0x62], [0x61]], nil), ([[0xFF]], nil), ([[0x61, 0]], nil),
            ([[0x61]], [0, 2]), ([[0x61]], [1, 1]), ([[0x61]], []), ([[0x61], [0x62]], [0, 3, 2]),
            ([[0x61], [0x62]], [0, .max, 2]),
        ] as [([[UInt8]], [UInt64]?)])
    func `strings that are not ascending UTF-8 are refused`(strings: [[UInt8]], offsets: [UInt64]?) throws {
        let error = try refusal([]) { writer in
            addIntegers(&writer, "user", rows: [1])
            addStrings(&writer, strings, offsets: offsets)
            addIntegers(&writer, "category", rows: [1])
        }
        guard case .invalidVocabulary(let tensor, _) = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(tensor == "item.bytes" || tensor == "item.offsets")
    }
}

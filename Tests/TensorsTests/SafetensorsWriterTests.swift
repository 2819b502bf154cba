import Files
import Foundation
import Testing

@testable import Tensors

/// The writer, judged by the strict reader and by the bytes that the format prescribes.
struct SafetensorsWriterTests {
    private let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appending(path: "tensors-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }

    @Test func `tensors that are written in turn come back whole`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.safetensors").path
        let count = 100_000
        let writer = try SafetensorsWriter(
            path: path,
            tensors: [
                .init("labels", .u8, [count]), .init("rows", .i32, [count]), .init("ids", .u64, [count]),
                .init("weights", .f32, [2, 3]), .init("none", .f32, [0, 5]),
            ], metadata: ["made by": "a \"test\""])
        for begin in stride(from: 0, to: count, by: 1000) {
            try writer.append((begin..<begin + 1000).map { Int32($0) }, to: "rows")
            try writer.append((begin..<begin + 1000).map { UInt8($0 % 2) }, to: "labels")
        }
        try writer.append((0..<count).map { UInt64($0) << 32 }, to: "ids")
        try writer.append([1, 2, 3, 4, 5, 6] as [Float], to: "weights")
        #expect(try names() == ["a.safetensors.partial"])
        try writer.finish()
        #expect(try names() == ["a.safetensors"])

        let file = try SafetensorsFile(MappedFile(path: path))
        #expect(
            file.tensors.map(\.name)
                == ["ids", "rows", "weights", "none", "labels"].sorted { one, other in
                    // An empty tensor begins where the next one does, so the reader lists it where it stands.
                    file.description(of: one)!.bytes.lowerBound
                        < file.description(of: other)!.bytes.lowerBound
                })
        #expect(file.metadata == ["made by": "a \"test\""])
        #expect(try file.tensor("ids", of: UInt64.self, shape: [count]).elements().last == 99_999 << 32)
        #expect(
            try file.tensor("rows", of: Int32.self, shape: [count]).elements() == (0..<100_000).map { $0 })
        #expect(try file.tensor("labels", of: UInt8.self, shape: [count])[99_999] == 1)
        #expect(try file.tensor("weights", of: Float.self, shape: [2, 3]).elements() == [1, 2, 3, 4, 5, 6])
    }

    @Test func `data begins on a page and every tensor at a multiple of its element`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "b.safetensors").path
        let writer = try SafetensorsWriter(
            path: path, tensors: [.init("a", .u8, [3]), .init("b", .u64, [1]), .init("c", .f32, [1])])
        try writer.append([1, 2, 3] as [UInt8], to: "a")
        try writer.append([7] as [UInt64], to: "b")
        try writer.append([1] as [Float], to: "c")
        try writer.finish()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(bytes.count == 4096 + 8 + 4 + 3)
        #expect(Array(bytes[4096...]) == [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 1, 2, 3])
    }

    @Test func `a tensor that lacks elements is refused by name, and nothing is left`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "c.safetensors").path
        do {
            let writer = try SafetensorsWriter(path: path, tensors: [.init("rows", .i32, [3])])
            try writer.append([1] as [Int32], to: "rows")
            #expect(throws: TensorError.unwrittenElements(path: path, tensor: "rows", missing: 2)) {
                try writer.finish()
            }
        }
        #expect(try names().isEmpty)
    }

    @Test(arguments: ["", "ü", "a b"]) func `a name that the reader refuses is not written`(name: String) {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: TensorError.self) {
            try SafetensorsWriter(
                path: folder.appending(path: "d").path, tensors: [.init(name, .f32, [1])])
        }
        #expect(throws: TensorError.self) {
            try SafetensorsWriter(
                path: folder.appending(path: "d").path,
                tensors: [.init("a", .f32, [1]), .init("a", .f32, [1])])
        }
    }

    @Test func `JSON that was written is read back`() throws {
        let value = JSONValue.object([
            .init(key: "a\"\\\n\u{1}", value: .array([.number("18446744073709551615"), .null]), offset: 0),
            .init(key: "ü", value: .bool(true), offset: 0),
        ])
        #expect(try JSONValue(parsing: Array(value.serialised.utf8)) == value)
    }
}

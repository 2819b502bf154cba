import Foundation
import ModelRegistry

/// Prints results: as lines for people or as one JSON object, with sorted keys, for programs.
enum Output {
    /// Prints one of the two.
    static func print(json: Bool, _ value: some Encodable, text: @autoclosure () -> String) throws {
        Swift.print(json ? try self.json(value) : text())
    }

    /// One JSON object on one line, with sorted keys.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Writes a file whole or not at all.
    static func write(_ text: String, to path: String) throws {
        do { try text.write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw OutputError(path: path, reason: error.localizedDescription)
        }
    }

    /// A number of bytes for people.
    static func size(_ bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
    }

    /// A text filled up with spaces to a width.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// What `promote` and `rollback` print.
struct AliasMove: Encodable {
    let model: String
    let alias: String
    let version: UInt64
    let epoch: UInt64
    let committed: Bool

    init(model: String, alias: String, commit: Commit) {
        self.model = model
        self.alias = alias
        version = commit.state.models[model]?.aliases[alias] ?? 0
        epoch = commit.state.epoch
        committed = commit.isNew
    }

    /// For people.
    var text: String {
        "\(alias) of \(model) is version \(version)\(committed ? "" : " already")\nepoch \(epoch)"
    }
}

/// A file that cannot be written.
struct OutputError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path): cannot be written: \(reason)" }
}

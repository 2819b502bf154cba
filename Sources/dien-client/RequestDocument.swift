import ArgumentParser
import Foundation
import Messages

/// A request as a JSON object, as in a model's golden.jsonl: columns by role and feature.
///
/// `probabilities`, which golden requests carry, is ignored; any other unknown key is refused by name.
struct RequestDocument: Decodable {
    let profile: [FeatureColumn]
    let history: [FeatureColumn]
    let candidates: [FeatureColumn]
    let context: [FeatureColumn]

    init(
        profile: [FeatureColumn], history: [FeatureColumn], candidates: [FeatureColumn],
        context: [FeatureColumn]
    ) {
        self.profile = profile
        self.history = history
        self.candidates = candidates
        self.context = context
    }

    /// Reads the objects of a file: one that spans the file, or one a line.
    static func read(_ data: Data) throws -> [RequestDocument] {
        let decoder = JSONDecoder()
        let lines = data.split(separator: UInt8(ascii: "\n")).filter { line in
            !line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        }
        // Several lines are several requests where the first alone is an object.
        if lines.count > 1, (try? JSONSerialization.jsonObject(with: lines[0])) != nil {
            return try lines.map { try decoder.decode(RequestDocument.self, from: $0) }
        }
        return [try decoder.decode(RequestDocument.self, from: data)]
    }

    /// Reads the objects of the file at `path`, `-` for standard input. Throws `ValidationError`, which names the file.
    static func read(path: String) throws -> [RequestDocument] {
        let data: Data
        do {
            data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("cannot read \(path): \(error.localizedDescription)")
        }
        do {
            return try read(data)
        } catch let error as DecodingError {
            throw ValidationError("\(path): \(error.line)")
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let known = ["profile", "history", "candidates", "context", "probabilities"]
        if let unknown = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorruptedError(
                forKey: unknown, in: container,
                debugDescription: "unknown key; a request has \(known.dropLast().joined(separator: ", "))")
        }
        profile = try RequestDocument.columns("profile", container)
        history = try RequestDocument.columns("history", container)
        candidates = try RequestDocument.columns("candidates", container)
        context = try RequestDocument.columns("context", container)
    }

    private static func columns(_ role: String, _ container: KeyedDecodingContainer<Key>) throws
        -> [FeatureColumn]
    {
        let columns =
            try container.decodeIfPresent([String: Column].self, forKey: Key(stringValue: role)) ?? [:]
        return columns.map { FeatureColumn(name: $0.key, values: $0.value.values) }
            .sorted { $0.name < $1.name }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Column: Decodable {
        let values: FeatureColumn.Values

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let ids = try? container.decode([UInt64].self) {
                values = .ids(ids)
            } else if let strings = try? container.decode([String].self) {
                values = .strings(strings)
            } else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "a list of numbers from 0 to 2^64 - 1, or of strings, is expected")
            }
        }
    }
}

extension DecodingError {
    /// One line: where it is, and what is wrong.
    var line: String {
        let context: Context
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "\(self)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    }
}

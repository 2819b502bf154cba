import Files
import Foundation

/// Documents that are given by their path.
enum JSONFile {
    /// The bytes of a file that is no longer than it may be.
    static func contents(_ path: String, limit: Int) throws -> Data {
        Data(try LocalFileSystem().contents(path, limit: limit))
    }

    /// A value in JSON.
    static func decode<Value: Decodable>(_ type: Value.Type, _ path: String, what: String) throws -> Value {
        let data = try contents(path, limit: 1 << 20)
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw JudgingError.malformed(path: path, reason: "no \(what): \(reason(error))")
        }
    }

    /// What a decoder complains of, and where, on one line.
    static func reason(_ error: any Error) -> String {
        func at(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "" : "at '\(path.map(\.stringValue).joined(separator: "."))': "
        }
        return switch error {
        case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            at(context.codingPath) + context.debugDescription
        case DecodingError.keyNotFound(let key, let context):
            at(context.codingPath) + "'\(key.stringValue)' is missing"
        default: "\(error)"
        }
    }
}

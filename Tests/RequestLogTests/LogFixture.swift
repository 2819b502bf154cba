import Foundation
import TestSupport

@testable import RequestLog

/// A fresh folder, removed with everything in it when the object goes.
final class LogFixture {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/request-log-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file by Foundation, independently of the code under test.
    func write(_ bytes: [UInt8], _ name: String = "file.dienlog") throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// The log's files by name, with their sizes.
    func sizes() throws -> [(name: String, bytes: Int)] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            (name, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")).count)
        }
    }

    /// Every record of the folder, in the order of its files, and what was met that is damaged.
    static func read(_ path: String) throws -> (requests: [LoggedRequest], damage: [RequestLogDamage]) {
        var requests: [LoggedRequest] = []
        var damage: [RequestLogDamage] = []
        for file in try RequestLogFolder.files(path) {
            let reader = try RequestLogReader(file)
            while case .request(let request)? = try reader.next() { requests.append(request) }
            damage += reader.damage
        }
        return (requests, damage)
    }

    /// A request drawn at random.
    static func request(_ random: inout SplitMix64) -> LoggedRequest {
        LoggedRequest(
            unixMilliseconds: .random(in: 0 ... .max, using: &random),
            epoch: .random(in: 0...99, using: &random),
            version: .random(in: 0 ... .max, using: &random),
            totalMicroseconds: .random(in: 0 ... .max, using: &random),
            scoringMicroseconds: .random(in: 0 ... .max, using: &random), model: text(&random),
            digest: text(&random), arm: text(&random), assignedArm: text(&random), experiment: text(&random),
            requestID: text(&random),
            request: (0..<Int.random(in: 0...60, using: &random)).map { _ in
                .random(in: 0...255, using: &random)
            },
            scores: (0..<Int.random(in: 0...9, using: &random)).map { _ in .random(in: 0...1, using: &random)
            })
    }

    private static func text(_ random: inout SplitMix64) -> String {
        let letters = Array("abc-é語🙂\"\n")
        return String(
            (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
                letters.randomElement(using: &random)
            })
    }

    /// A file of these records.
    static func file(_ requests: [LoggedRequest]) -> [UInt8] {
        let header = RequestLogHeader(unixMilliseconds: 1, writer: 2, shareMillionths: 1_000_000)
        return header.encoded + requests.flatMap { RequestLogRecord.request($0).encoded ?? [] }
    }
}

import Experiment
import Foundation

/// What replicas answered, as a file: a verdict may be made of it later, or elsewhere.
struct SavedCounters: Codable {
    static let format = "dien-counters/1"
    /// A thousand replicas' counters are not this long.
    static let bytesLimit = 256 << 20

    /// One replica's answer: a tally, or why there is none.
    struct Answer: Codable {
        let replica: String
        let tally: ServerTally?
        let silence: String?
    }

    let format: String
    let time: String
    let answers: [Answer]

    init(_ answers: [(replica: String, answer: Hearing.Answer)], time: String) {
        format = Self.format
        self.time = time
        self.answers = answers.map { replica, answer in
            switch answer {
            case .tally(let tally): Answer(replica: replica, tally: tally, silence: nil)
            case .silence(let reason): Answer(replica: replica, tally: nil, silence: reason)
            }
        }
    }

    /// Reads a file; what is wrong with it is thrown as `JudgingError.malformed`.
    init(path: String) throws {
        let data = try JSONFile.contents(path, limit: Self.bytesLimit)
        do { self = try JSONDecoder().decode(SavedCounters.self, from: data) } catch {
            throw JudgingError.malformed(path: path, reason: "no saved counters: \(JSONFile.reason(error))")
        }
        guard format == Self.format else {
            throw JudgingError.malformed(path: path, reason: "'\(format)' is not \(Self.format)")
        }
    }

    /// Writes it whole or not at all.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Output.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// The answers as a hearing takes them.
    var heard: [(replica: String, answer: Hearing.Answer)] {
        answers.map { answer in
            (answer.replica, answer.tally.map { .tally($0) } ?? .silence(answer.silence ?? "it said nothing"))
        }
    }
}

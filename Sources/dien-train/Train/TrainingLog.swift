import Foundation
import Training

/// `train.jsonl`: one object a line, of what a training told while it ran.
final class TrainingLog {

    private let path: String
    private let file: FileHandle
    private let encoder = JSONEncoder()
    /// Every line's progress so far, those of the process before included.
    private(set) var progress: [TrainingProgress] = []

    /// Opens the log; lines of later steps than `step`, which a killed process wrote and which come again, are removed.
    init(path: String, keepingUpTo step: Int) throws {
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let kept = step == 0 ? [] : old.split(separator: "\n").filter { (Self.step(of: $0) ?? .max) <= step }
        progress = kept.compactMap { try? JSONDecoder().decode(TrainingProgress.self, from: Data($0.utf8)) }
        let text = kept.map { "\($0)\n" }.joined()
        guard (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil,
            let file = FileHandle(forWritingAtPath: path)
        else { throw CommandError.unwritable(path: path, reason: "its folder has to be there and writable") }
        self.file = file
        file.seekToEndOfFile()
    }

    /// Writes what is worth a line.
    func write(_ event: TrainingEvent, split: String) throws {
        switch event {
        case .step: return
        case .progress(let progress):
            self.progress.append(progress)
            try append(progress, ["kind": "progress"])
        case .evaluated(let point, let isBest):
            try append(
                point.metrics,
                [
                    "kind": "evaluation", "split": split, "step": point.step, "epochs": point.epochs,
                    "is_best": isBest,
                ])
        }
    }

    /// One line: the members of `value` and `others`, sorted by key.
    func append(_ value: some Encodable, _ others: [String: Any]) throws {
        let members = try JSONSerialization.jsonObject(with: encoder.encode(value)) as? [String: Any] ?? [:]
        let line = try JSONSerialization.data(
            withJSONObject: members.merging(others) { first, _ in first }, options: [.sortedKeys])
        do { try file.write(contentsOf: line + Data("\n".utf8)) } catch {
            throw CommandError.unwritable(path: path, reason: "\(error)")
        }
    }

    private static func step(of line: Substring) -> Int? {
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?["step"] as? Int
    }
}

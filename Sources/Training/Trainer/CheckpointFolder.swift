internal import FoundationEssentials
internal import Files

/// The folder of a training's checkpoints: the latest one, and the one of the best evaluation, each a file that is there
/// whole or not at all.
///
/// The best one has its step in its name and is written before the latest one that refers to it, so that after a crash the
/// latest always finds its best.
public struct CheckpointFolder: Sendable {
    /// The folder.
    public let path: String
    private let files = LocalFileSystem()

    /// The folder at `path`, which is made when something is written.
    public init(path: String) { self.path = path }

    /// The newest checkpoint.
    var latest: String { "\(path)/latest.safetensors" }
    /// That of the best evaluation, after so many steps.
    func best(step: Int) -> String { "\(path)/best-\(step).safetensors" }
    /// The batch whose loss or gradient was not finite.
    var failedBatch: String { "\(path)/failed-batch.json" }

    /// Whether there is something to resume.
    public var isPresent: Bool { files.exists(latest) }

    func create() throws(TrainingError) {
        do { try files.createDirectory(path) } catch { throw .file(error) }
    }

    /// Removes what the latest checkpoint does not need.
    func removeBest(except step: Int?) throws(TrainingError) {
        try remove { $0.hasPrefix("best-") && $0 != step.map { "best-\($0).safetensors" } }
    }

    /// Removes all checkpoints: the training is over, or begins anew.
    public func clear() throws(TrainingError) {
        guard files.exists(path) else { return }
        try remove { $0.hasSuffix(".safetensors") || $0.hasSuffix(".partial") }
    }

    private func remove(_ isUnneeded: (String) -> Bool) throws(TrainingError) {
        do {
            for name in try files.list(path) where isUnneeded(name) { try files.unlink("\(path)/\(name)") }
        } catch { throw .file(error) }
    }

    /// Keeps the batch that broke the training, for whoever looks into it.
    func keep(_ failed: FailedBatch) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // What is looked for is a number that is not one.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            try create()
            let bytes = [UInt8](try encoder.encode(failed))
            if files.exists(failedBatch) { try files.unlink(failedBatch) }
            let file = try PositionedFile(creating: failedBatch)
            try file.write(bytes)
            try file.close()
        } catch { return nil }
        return failedBatch
    }
}

/// A batch whose loss or gradient was not finite.
struct FailedBatch: Codable {
    let quantity: String
    let step, epoch, batch: Int
    /// Indices of samples in the training split.
    let samples: [Int]
    /// For each feature of a behaviour the auxiliary loss's negatives, step after step.
    let negatives: [[Int]]
    let logits: [Float]
    let targetLoss, auxiliaryLoss, gradientNorm: Double
}

internal import DIEN
internal import Datasets
internal import Tensors

/// What has to be equal for a training to be taken up: options, configuration and data, as text by name.
struct TrainingIdentity {
    /// Facts of a checkpoint begin with this.
    private static let prefix = "identity."
    private let values: [(name: String, value: String)]

    init(_ options: TrainerOptions, _ configuration: ModelConfiguration, _ description: DatasetDescription) {
        func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
        values = [
            ("--batch-size", "\(options.batchSize)"), ("--seed", "\(options.seed)"),
            ("--max-history", "\(options.maxHistory)"), ("--bucket-window", "\(options.bucketWindow)"),
            ("--auxiliary-weight", "\(options.auxiliaryWeight)"),
            ("--auxiliary-normalisation", options.auxiliaryNormalisation.rawValue),
            ("--learning-rate", "\(options.schedule.base)"), ("--schedule", options.schedule.decay.rawValue),
            ("--warm-up", "\(options.schedule.warmUpSteps)"),
            ("--weight-decay", "\(options.adam.weightDecay)"),
            ("--clip-norm", optional(options.adam.clipNorm)), ("--threads", "\(options.threads)"),
            ("--metric", options.metric.rawValue), ("--patience", optional(options.patience)),
            ("--evaluate-every", optional(options.evaluationInterval)),
            ("selection on split", options.selectionSplit.rawValue),
            ("model", configuration.document(metadata: []).serialised), ("data set", description.json),
        ]
    }

    var facts: [String: String] {
        Dictionary(uniqueKeysWithValues: values.map { (Self.prefix + $0.name, $0.value) })
    }

    /// Throws for the first value that a checkpoint has otherwise.
    func check(_ facts: [String: String], path: String) throws(TrainingError) {
        for (name, value) in values {
            let found = facts[Self.prefix + name, default: "none"]
            guard found != value else { continue }
            let isLong = found.utf8.count > 40 || value.utf8.count > 40
            throw .differentTraining(
                path: path, option: name, checkpoint: isLong ? "another one" : found,
                now: isLong ? "this one" : value)
        }
    }
}

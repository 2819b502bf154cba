public import ArgumentParser
public import DIEN
import Datasets
import Foundation
public import Training

/// How to train: what `train` and each run of `sweep` take.
struct TrainingOptions: ParsableArguments {
    @Option(help: "Passes over the training split, at most.")
    var epochs = 10

    @Option(help: "Samples a batch.")
    var batchSize = 128

    @Option(help: "Adam's learning rate.")
    var learningRate: Float = 1e-3

    @Option(help: "What happens to the rate after each epoch: constant or halved.")
    var schedule = LearningRateSchedule.Decay.halved

    @Option(help: "Steps over which the rate rises to its value.")
    var warmUp = 0

    @Option(help: "Decoupled weight decay of weights and embeddings (AdamW).")
    var weightDecay = 0.0

    @Option(help: "Largest norm of all gradients together (default: none).")
    var clipNorm: Double?

    @Option(help: "α of loss = target loss + α · auxiliary loss (architecture dien).")
    var auxiliaryWeight: Float = 1

    @Option(help: "What the auxiliary loss is a mean over: valid pairs, or all places of the padded batch.")
    var auxiliaryNormalisation = TrainerOptions.AuxiliaryNormalisation.valid

    @Option(help: "Behaviours of a history that are used, the newest ones.")
    var maxHistory = 100

    @Option(help: "Width of one embedding.")
    var embeddingSize = 18

    @Option(help: "Width of a GRU's state (default: that of a behaviour, 36 with two features).")
    var hiddenSize: Int?

    @Option(help: "Hidden widths of the attention network, as 80,40.", transform: integers)
    var attentionHidden = [80, 40]

    @Option(help: "Hidden widths of the head, as 200,80.", transform: integers)
    var headHidden = [200, 80]

    @Option(help: "Threads of a step; another number gives other last bits.")
    var threads = 1

    @Option(help: "Evaluations without improvement that end the training; 0: all epochs are run.")
    var patience = 2

    @Option(help: "What evaluations go by: auc or log_loss.")
    var metric = SelectionMetric.auc

    @Option(
        help:
            "What is done to the best parameters' logits: none, or platt, a line that fits them to the validation split."
    )
    var calibration = TrainerOptions.Calibration.none

    @Option(help: "Steps from one evaluation to the next, beside that of each epoch.")
    var evaluateEvery: Int?

    @Option(help: "Steps from one checkpoint to the next, beside that of each evaluation.")
    var checkpointEvery = 1000

    @Option(help: "Batches whose samples are sorted by length together; 1: a plain shuffle.")
    var bucketWindow = 20

    @Flag(
        help:
            "Stop and pick the best parameters on the test split, as the authors' program does: flatters the result."
    )
    var referenceProtocol = false

    func validate() throws {
        let positive = [
            ("--epochs", epochs), ("--batch-size", batchSize), ("--max-history", maxHistory),
            ("--embedding-size", embeddingSize), ("--hidden-size", hiddenSize ?? 1), ("--threads", threads),
            ("--evaluate-every", evaluateEvery ?? 1), ("--bucket-window", bucketWindow),
        ]
        for (name, value) in positive where value < 1 { throw ValidationError("\(name) is at least 1") }
        guard patience >= 0, warmUp >= 0, checkpointEvery >= 0 else {
            throw ValidationError("--patience, --warm-up and --checkpoint-every are not negative")
        }
        if referenceProtocol && calibration != .none {
            throw ValidationError(
                "--calibration needs the validation split, which --reference-protocol does without")
        }
        guard learningRate > 0, learningRate.isFinite, weightDecay >= 0, clipNorm ?? 1 > 0,
            auxiliaryWeight >= 0, auxiliaryWeight.isFinite, Double(learningRate) * weightDecay < 1
        else {
            throw ValidationError(
                "--learning-rate and --clip-norm are above 0, --weight-decay and --auxiliary-weight not negative"
            )
        }
    }

    /// The trainer's options of this seed.
    func trainer(seed: UInt64) -> TrainerOptions {
        var result = TrainerOptions()
        result.batchSize = batchSize
        result.epochs = epochs
        result.seed = seed
        result.maxHistory = maxHistory
        result.bucketWindow = bucketWindow
        result.auxiliaryWeight = auxiliaryWeight
        result.auxiliaryNormalisation = auxiliaryNormalisation
        result.adam = AdamOptions(learningRate: learningRate, weightDecay: weightDecay, clipNorm: clipNorm)
        result.schedule = LearningRateSchedule(base: learningRate, decay: schedule, warmUpSteps: warmUp)
        result.threads = threads
        result.selectionSplit = referenceProtocol ? .test : .validation
        result.metric = metric
        result.calibration = calibration
        result.patience = patience == 0 ? nil : patience
        result.evaluationInterval = evaluateEvery
        result.checkpointInterval = checkpointEvery == 0 ? nil : checkpointEvery
        return result
    }

    /// The sizes of a model of this family.
    func sizes(
        _ architecture: ModelConfiguration.Architecture, _ preset: ModelConfiguration.Preset?
    ) -> ModelSizes {
        var sizes = ModelSizes()
        sizes.architecture = architecture
        sizes.preset = preset
        sizes.embedding = embeddingSize
        sizes.hidden = hiddenSize
        sizes.attentionHidden = attentionHidden
        sizes.headHidden = headHidden
        sizes.maxHistory = maxHistory
        return sizes
    }

    private static func integers(_ text: String) throws -> [Int] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Int(part), value > 0 else {
                throw ValidationError("'\(text)' is not a list of widths such as 80,40")
            }
            return value
        }
    }
}

extension LearningRateSchedule.Decay: ExpressibleByArgument {}
extension TrainerOptions.AuxiliaryNormalisation: ExpressibleByArgument {}
extension SelectionMetric: ExpressibleByArgument {}
extension TrainerOptions.Calibration: ExpressibleByArgument {}
extension ModelConfiguration.Architecture: ExpressibleByArgument {}
extension ModelConfiguration.Preset: ExpressibleByArgument {}

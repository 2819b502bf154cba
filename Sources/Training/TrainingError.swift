public import DIEN
public import Files
public import Tensors
public import Datasets
public import Experiment

/// Why a network cannot be trained.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The weights to start from are not the tensors that the configuration calls for.
    case invalidTensors(TensorError)
    /// Preset paper's auxiliary loss is an inner product of a GRU state and a behaviour, which are not of one width.
    case unequalWidths(hidden: Int, item: Int)
    /// A checkpoint cannot be written or read.
    case checkpoint(TensorError)
    /// A checkpoint is of another format, or of an optimiser with other constants.
    case unusableCheckpoint(path: String, reason: String)
    /// Something stands where a model folder is to be written.
    case outputExists(path: String)
    /// A file of a model folder, or of the data set it takes its vocabulary from, cannot be read or written.
    case file(FileError)
    /// The model to start from, or the folder that was written, is not one that can be served.
    case invalidModel(ModelError)
    /// A golden request of the folder to be written cannot be scored; requests count from 1.
    case invalidRequest(number: Int, reason: String)
    /// A row of a table has a value that the type it is to be kept in cannot hold; rows count from 0.
    case unrepresentable(table: String, row: Int, type: String)

    /// A loss or a gradient is not a finite number; epochs and batches count from 1. `saved` is the file of the batch.
    case notFinite(quantity: String, step: Int, epoch: Int, batch: Int, saved: String?)
    /// A checkpoint is of a training with another value of an option, or of other data.
    case differentTraining(path: String, option: String, checkpoint: String, now: String)
    /// There is nothing in the split.
    case noSamples(split: DatasetSplit)
    /// The likeliest line through the best logits falls: clicks are not likelier where they are higher.
    case uncalibratable(slope: Double)
    /// An evaluation has no result.
    case evaluation(split: DatasetSplit, MetricError)

    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .invalidTensors(let error): error.description
        case .notFinite(let quantity, let step, let epoch, let batch, let saved):
            "the \(quantity) of step \(step) (epoch \(epoch), batch \(batch)) is not finite; train anew with a lower "
                + "--learning-rate or with --clip-norm 1" + (saved.map { "; the batch is in \($0)" } ?? "")
        case .differentTraining(let path, let option, let checkpoint, let now):
            "\(path): was made with \(option) \(checkpoint), not \(now); resume with the same, or begin anew with --restart"
        case .noSamples(let split):
            "the data set has no sample in split \(split.rawValue); prepare it with one"
                + (split == .validation ? " (--validation 0.1), or train with --reference-protocol" : "")
        case .uncalibratable(let slope):
            "the trained model cannot be calibrated: the likeliest line through its logits has slope \(slope), since they do not "
                + "rise with the clicks of the validation split; go on with --resume --calibration none, or train longer"
        case .evaluation(let split, let error): "split \(split.rawValue): \(error.description)"
        case .checkpoint(let error): error.description
        case .unusableCheckpoint(let path, let reason):
            "\(path): \(reason); start anew, or from another checkpoint"
        case .outputExists(let path):
            "\(path): is there already; remove it, or say that it is to be replaced"
        case .file(let error): error.description
        case .invalidModel(let error): error.description
        case .invalidRequest(let number, let reason): "golden request \(number): \(reason)"
        case .unrepresentable(let table, let row, let type):
            "row \(row) of table \"\(table)\" has a value that is too large for \(type); keep the tables in bf16"
        case .unequalWidths(let hidden, let item):
            "hidden_size is \(hidden), a behaviour is \(item) wide; the auxiliary loss of architecture dien, "
                + "preset paper needs them equal"
        }
    }
}

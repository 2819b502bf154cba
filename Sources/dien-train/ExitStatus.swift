import ArgumentParser
import DIEN
import Datasets
import Experiment
import Files
import ModelRegistry
import OfflineEvaluation
import Tensors
import Training

/// The exit statuses that scripts may rely on, those of `dien-registry`; 0 is success.
enum ExitStatus: Int32 {
    /// The command cannot be carried out as it is written.
    case usage = 2
    /// A model, a data set or what came of them failed a check.
    case verificationRefused = 4
    /// The disk failed or is full.
    case inputOutput = 5

    /// The status for whatever a command met.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as RegistryError: Self(registry: error)
            case ModelError.unreadableFile: .inputOutput
            case DatasetError.file, is FileError: .inputOutput
            case DatasetError.outputExists, DatasetError.unusableInput: .usage
            case CommandError.unwritable: .inputOutput
            case TrainingError.file, TrainingError.checkpoint(.file(_)): .inputOutput
            case TrainingError.outputExists, TrainingError.differentTraining, TrainingError.unequalWidths:
                .usage
            case is ScoringError, is CommandError, is OfflineEvaluationError: .usage
            default: .verificationRefused
            }
    }

    private init(registry error: RegistryError) {
        self =
            switch error {
            case .notARegistry, .invalidName, .unknownModel, .unknownVersion, .unknownAlias: .usage
            case .file: .inputOutput
            default: .verificationRefused
            }
    }

    /// Runs a command's work; whatever it throws becomes one line on standard error and an exit status.
    static func reporting(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let code as ExitCode {
            throw code
        } catch {
            let line = "\(error)".split(separator: "\n").joined(separator: " ")
            StandardStream.error.writeLine("dien-train: \(line)")
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}

/// What is wrong with a command as it was written.
enum CommandError: Error, Equatable, CustomStringConvertible {
    /// Neither or both of a folder and a name in a registry.
    case oneModelIsNeeded
    /// The split has no sample of that user.
    case noSampleOfUser(Int, split: String)
    /// Something that was typed cannot be read.
    case unreadable(what: String, text: String)
    /// A file cannot be written.
    case unwritable(path: String, reason: String)
    /// Options that do not go together, or that are missing.
    case options(String)

    var description: String {
        switch self {
        case .oneModelIsNeeded: "name one model: a folder, or --model NAME[@VERSION] of a registry"
        case .noSampleOfUser(let user, let split): "split '\(split)' has no sample of user \(user)"
        case .unreadable(let what, let text): "'\(text)' is not \(what)"
        case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
        case .options(let reason): reason
        }
    }
}

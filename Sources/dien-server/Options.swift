import ArgumentParser
import Logging
import Serving
import Tensors

/// The names as `dien-client status` shows them, and `auto`.
func parseInstructionSet(_ argument: String) throws -> InstructionSet {
    let name = argument == "auto" ? InstructionSet.automatic.rawValue : argument
    guard let set = InstructionSet(rawValue: name) else {
        throw ValidationError("no kernels '\(argument)'; give auto, scalar, avx2, avx512, avx512bf16 or neon")
    }
    return set
}

/// What networks are computed in.
enum NetworkPrecision {
    /// What each version's config.json says.
    case configured
    case always(Precision)

    init(argument: String) throws {
        guard argument != "configured" else {
            self = .configured
            return
        }
        guard let precision = Precision(rawValue: argument) else {
            throw ValidationError("no precision '\(argument)'; give configured, fp32 or bf16")
        }
        self = .always(precision)
    }

    /// nil: as each version says.
    var precision: Precision? { if case .always(let precision) = self { precision } else { nil } }
}

/// A level by swift-log's name.
func parseLogLevel(_ argument: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: argument) else {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("no log level '\(argument)'; give \(known)")
    }
    return level
}

/// Milliseconds, or `auto`.
func parseCandidateBudget(_ argument: String) throws -> CandidateBudget {
    if argument == "auto" { return .automatic }
    guard let milliseconds = Int(argument), (1...60_000).contains(milliseconds) else {
        throw ValidationError("--candidate-budget is '\(argument)'; give auto, or 1 to 60000 milliseconds")
    }
    return .fixed(.milliseconds(milliseconds))
}

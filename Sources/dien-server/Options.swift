import ArgumentParser
import Logging
import Tensors

/// The names as `dien-client status` shows them, and `auto`.
func parseInstructionSet(_ argument: String) throws -> InstructionSet {
    let name = argument == "auto" ? InstructionSet.automatic.rawValue : argument
    guard let set = InstructionSet(rawValue: name) else {
        throw ValidationError("no kernels '\(argument)'; give auto, scalar, avx2, avx512 or avx512bf16")
    }
    return set
}

/// A level by swift-log's name.
func parseLogLevel(_ argument: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: argument) else {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("no log level '\(argument)'; give \(known)")
    }
    return level
}

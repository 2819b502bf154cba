import ArgumentParser
import Logging
import Tensors

extension InstructionSet: @retroactive ExpressibleByArgument {
    /// The names as `dien-client status` shows them, and `auto`.
    public init?(argument: String) {
        self.init(rawValue: argument == "auto" ? InstructionSet.automatic.rawValue : argument)
    }

    /// How `--help` shows the default.
    public var defaultValueDescription: String { self == .automatic ? "auto" : rawValue }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

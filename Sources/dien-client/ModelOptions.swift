import ArgumentParser
import Messages

/// Which version of which model is asked: the same for every subcommand that ranks.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model; may be left out where the server has one.", valueName: "name"))
    var model = ""

    @Option(help: ArgumentHelp("A version by number.", valueName: "number"))
    var version: UInt64 = 0

    @Option(help: ArgumentHelp("A version by alias, such as challenger.", valueName: "name"))
    var alias = ""

    func validate() throws {
        if version > 0, !alias.isEmpty { throw ValidationError("give --version or --alias, not both") }
    }

    /// What a request says.
    var spec: ModelSpec { ModelSpec(name: model, version: version, alias: alias) }
}

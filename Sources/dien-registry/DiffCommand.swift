import ArgumentParser
import DIEN
import ModelRegistry
import OfflineEvaluation

/// `dien-registry diff`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Tell what differs between two versions.",
        discussion: """
            Settings of config.json, figures of the training (its metadata), and for each weight tensor: rows changed, \
            largest change of an element, mean and root mean square before and after.

            EXAMPLES
              dien-registry diff sports champion 2
              dien-registry diff sports 1 2 --json

            JSON: {"configuration":[{"after":…,"before":…,"name":…},…],"from":1,"metadata":[…],"model":"sports",\
            "tensors":[{"after":…,"afterMean":…,"afterRMS":…,"before":…,"beforeMean":…,"beforeRMS":…,"changedRows":3,\
            "largestChange":…,"name":"embedding.item","rows":18358},…],"to":2}; a tensor of one side only has no figures
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version before: number, alias or tag.")
    var before: String

    @Argument(help: "The version after.")
    var after: String

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let state = try registry.currentState()
        let numbers = (
            try state.versionNumber(before, of: name), try state.versionNumber(after, of: name)
        )
        let difference: ModelDifference
        do {
            difference = try ModelDifference(
                RegisteredFiles(files: registry.files(of: numbers.0, model: name)),
                RegisteredFiles(files: registry.files(of: numbers.1, model: name)))
        } catch let error as ModelError {
            throw RegistryError.refused(model: name, reason: "\(error)")
        }
        let result = DiffResult(model: name, from: numbers.0, to: numbers.1, difference)
        try Output.print(json: reading.json, result, text: result.text)
    }
}

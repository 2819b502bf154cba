import ArgumentParser
import ModelRegistry

/// `dien-registry tag`.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Give a version a name for good.",
        discussion: """
            Unlike an alias, a tag never moves, and no alias may have its name. Versions with tags are not garbage. \
            Wherever a version is asked for, its tag will do.

            EXAMPLES
              dien-registry tag sports 2 black-friday-2026
              dien-registry tag sports --remove black-friday-2026

            JSON: {"committed":true,"epoch":10,"model":"sports","tag":"black-friday-2026","version":2}; "version" is
            absent after --remove
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, alias or tag; and the new tag.")
    var versionAndTag: [String]

    @Flag(help: "Take the tag away instead.")
    var remove = false

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard versionAndTag.count == (remove ? 1 : 2) else {
            throw ValidationError(
                remove ? "give the model and the tag to remove" : "give the model, the version and the tag")
        }
    }

    func run() throws {
        let registry = try reading.open()
        let tag = versionAndTag[versionAndTag.count - 1]
        var version: UInt64?
        let commit: Commit
        if remove {
            commit = try registry.untag(
                model: name, tag: tag, note: writing.note("tag \(name) --remove \(tag)"))
        } else {
            let number = try registry.currentState().versionNumber(versionAndTag[0], of: name)
            version = number
            commit = try registry.tag(
                model: name, version: number, as: tag, note: writing.note("tag \(name) \(number) \(tag)"))
        }
        let result = Result(
            model: name, tag: tag, version: version, epoch: commit.state.epoch, committed: commit.isNew)
        try Output.print(json: reading.json, result, text: result.text)
    }

    private struct Result: Encodable {
        let model: String
        let tag: String
        let version: UInt64?
        let epoch: UInt64
        let committed: Bool

        var text: String {
            let what =
                version.map { "is version \($0)\(committed ? "" : " already")" } ?? "is no tag any more"
            return "\(tag) of \(model) \(what)\nepoch \(epoch)"
        }
    }
}

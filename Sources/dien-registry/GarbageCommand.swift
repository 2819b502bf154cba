import ArgumentParser
import ModelRegistry

/// `dien-registry gc`.
struct GarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Tell, or with --apply remove, what nothing needs any more.",
        discussion: """
            The newest versions of each model stay, whatever an alias named in the last days, versions with tags, and what a \
            running server leases. Versions go in one epoch, then their blobs. Without --apply nothing is changed. \
            While somebody pushes, --apply ends with exit status 3.

            EXAMPLES
              dien-registry gc
              dien-registry gc --apply --keep-versions 3 --keep-days 7

            JSON: {"applied":false,"blobs":10,"bytes":91034,"epoch":9,"leases":[],"leftovers":[],\
            "versions":[{"manifest":"sha256:…","model":"sports","version":1},…]}
            """)

    @Flag(help: "Remove it.")
    var apply = false

    @Option(help: "How many of the newest versions of each model stay, at least 1.")
    var keepVersions = 5

    @Option(help: "In how many of the last days whatever an alias named stays.")
    var keepDays = 30

    @OptionGroup var writing: WritingOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        if keepVersions < 1 { throw ValidationError("--keep-versions \(keepVersions): at least 1 stays") }
        if keepDays < 0 { throw ValidationError("--keep-days \(keepDays): give a number of days") }
    }

    func run() throws {
        let registry = try reading.open()
        let retention = Retention(versions: keepVersions, days: keepDays)
        let garbage: Garbage
        var epoch = try registry.currentState().epoch
        if apply {
            let command = "gc --apply --keep-versions \(keepVersions) --keep-days \(keepDays)"
            let collected = try registry.collectGarbage(retention, note: writing.note(command))
            garbage = collected.garbage
            epoch = collected.commit.state.epoch
        } else {
            garbage = try registry.garbage(retention)
        }
        let result = Result(applied: apply, epoch: epoch, garbage)
        try Output.print(json: reading.json, result, text: result.text)
    }

    private struct Result: Encodable {
        let applied: Bool
        let epoch: UInt64
        let versions: [Version]
        let blobs: Int
        let bytes: UInt64
        let leftovers: [String]
        let leases: [String]

        init(applied: Bool, epoch: UInt64, _ garbage: Garbage) {
            self.applied = applied
            self.epoch = epoch
            versions = garbage.versions.map {
                Version(model: $0.model, version: $0.version, manifest: $0.manifest)
            }
            blobs = garbage.blobs.count
            bytes = garbage.bytes
            leftovers = garbage.leftovers
            leases = garbage.leases
        }

        var text: String {
            let verb = applied ? "removed" : "would remove"
            let lines = versions.map { "\(verb) \($0.model) version \($0.version)" }
            return
                (lines + [
                    "\(verb) \(blobs) blobs, \(Output.size(bytes)); \(leftovers.count) leftovers; "
                        + "\(leases.count) stale leases",
                    "epoch \(epoch)" + (applied ? "" : "; nothing was changed, --apply does it"),
                ]).joined(separator: "\n")
        }
    }

    private struct Version: Encodable {
        let model: String
        let version: UInt64
        let manifest: Digest
    }
}

import ArgumentParser
import ModelRegistry

/// `dien-registry verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a version as a server does before it serves it.",
        discussion: """
            Computes every digest, loads the model, and scores its golden requests; prints each check and stops at the \
            first that fails, with exit status 4.

            EXAMPLES
              dien-registry verify sports 2
              dien-registry verify sports champion --json

            JSON: {"checks":[{"check":"digest of config.json","detail":…,"ok":true},…],"model":"sports","ok":true,\
            "version":2}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, or an alias.")
    var version: String

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let state = try registry.currentState()
        let number = try state.versionNumber(version, of: name)
        let files = try registry.files(of: state.version(number, of: name), model: name)
        let verifier = ModelVerifier()
        var refusal: RegistryError?
        do {
            try verifier.verify(files)
        } catch {
            refusal = error as? RegistryError ?? .refused(model: name, reason: "\(error)")
        }
        let result = Result(model: name, version: number, ok: refusal == nil, checks: verifier.checks)
        try Output.print(
            json: reading.json, result, text: verifier.checks.map(\.text).joined(separator: "\n"))
        if let refusal { throw refusal }
    }

    private struct Result: Encodable {
        let model: String
        let version: UInt64
        let ok: Bool
        let checks: [VersionCheck]
    }
}

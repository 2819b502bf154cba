import ArgumentParser
import ModelRegistry
import Tensors

/// `dien-registry verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a version as a server does before it serves it.",
        discussion: """
            Computes every digest, loads the model, and scores its golden requests; prints each check and stops at the \
            first that fails, with exit status 4.

            The probabilities of golden requests are those of float32. What a version changes of them is accepted up to \
            golden_tolerance of its config.json, or, where its network or a table of it is in less than float32, up to \
            precision_tolerance.

            EXAMPLES
              dien-registry verify sports 2
              dien-registry verify sports champion --json
              dien-registry verify sports champion --precision bf16 --tolerance 5e-4

            JSON: {"checks":[{"check":"digest of config.json","detail":…,"ok":true},…],"golden":{"candidate":0,\
            "compressed":false,"largest":1.2e-07,"line":3,"mean":2e-08,"precision":"fp32","requests":30,"tables":\
            {"item":"F32",…},"tolerance":2e-06},"model":"sports","ok":true,"version":2}
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Argument(help: "The version's number, or an alias.")
    var version: String

    @Option(
        help: "Compute the network in fp32 or bf16 instead of what the version is configured for.",
        transform: parsePrecision)
    var precision: Precision?

    @Option(help: "Accept less than the version's own tolerance: the largest change of a golden probability.")
    var tolerance: Float?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        if let tolerance, !(tolerance >= 0 && tolerance <= 1) {
            throw ValidationError("--tolerance is \(tolerance); give a probability, 0 to 1")
        }
    }

    func run() throws {
        let registry = try reading.open()
        let state = try registry.currentState()
        let number = try state.versionNumber(version, of: name)
        let files = try registry.files(of: state.version(number, of: name), model: name)
        let verifier = ModelVerifier(precision: precision, tolerance: tolerance ?? .infinity)
        var refusal: RegistryError?
        do {
            try verifier.verify(files)
        } catch {
            refusal = error as? RegistryError ?? .refused(model: name, reason: "\(error)")
        }
        let result = Result(
            model: name, version: number, ok: refusal == nil, checks: verifier.checks, golden: verifier.change
        )
        try Output.print(
            json: reading.json, result, text: verifier.checks.map(\.text).joined(separator: "\n"))
        if let refusal { throw refusal }
    }

    private struct Result: Encodable {
        let model: String
        let version: UInt64
        let ok: Bool
        let checks: [VersionCheck]
        let golden: ScoreChange?
    }
}

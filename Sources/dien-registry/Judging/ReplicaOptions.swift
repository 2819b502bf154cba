import ArgumentParser
import Experiment
import Foundation
import RankingClient

/// Who is asked, and what is asked for.
struct ReplicaOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The replicas, each HOST:PORT, or a file that `judge --save` wrote.", valueName: "host:port"))
    var from: [String] = []

    @Option(help: "Seconds within which a replica has to answer.")
    var timeout = 2.0

    @Flag(help: "Judge by those who answer, although others do not.")
    var allowMissing = false

    @Option(
        help: "What a candidate has to show: a file of JSON with settings of the judge.",
        completion: .file(extensions: ["json"]))
    var policy: String?

    func validate() throws {
        guard timeout >= 0.01, timeout <= 600 else {
            throw ValidationError("--timeout is 0.01 to 600 seconds")
        }
        guard Set(from).count == from.count else { throw ValidationError("--from names a replica twice") }
    }

    /// The settings of the judge.
    func settings() throws -> JudgePolicy {
        var policy = JudgePolicy()
        if let path = self.policy { policy = try JSONFile.decode(JudgePolicy.self, path, what: "policy") }
        if allowMissing { policy.allowsMissingReplicas = true }
        return policy
    }

    /// The addresses among `names`; a usage error where one is none.
    func addresses(_ names: [String]) throws -> [ServerAddress] {
        try names.map { text in
            guard let address = ServerAddress(text) else {
                throw ValidationError("--from \(text): neither HOST:PORT nor a file")
            }
            return address
        }
    }

    /// What everybody says of a model: files are read, servers are asked.
    func answers(about model: String) async throws -> [(replica: String, answer: Hearing.Answer)] {
        let files = from.filter { FileManager.default.fileExists(atPath: $0) }
        let saved = try files.flatMap { path in try SavedCounters(path: path).heard }
        let panel = ReplicaPanel(
            try addresses(from.filter { !files.contains($0) }), timeout: .seconds(timeout))
        let answers = saved + (await panel.ask(about: model))
        await panel.close()
        let names = answers.map(\.replica)
        guard Set(names).count == names.count else {
            throw ValidationError("--from names a replica twice: \(names.sorted().joined(separator: ", "))")
        }
        return answers
    }
}

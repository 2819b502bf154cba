import ArgumentParser

/// The document by which a command was decided.
struct EvidenceOption: ParsableArguments {
    @Option(
        help: "Evidence that `judge --evidence` wrote: kept with the epoch, for `judge --epoch`.",
        completion: .file(extensions: ["json"]))
    var evidence: String?

    /// The document's bytes, checked; nil where none was given.
    func bytes(about model: String) throws -> [UInt8]? {
        try evidence.map { path in try EvidenceDocument(path: path, model: model).bytes }
    }
}

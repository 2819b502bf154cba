import ArgumentParser
import ModelRegistry

/// `dien-registry fsck`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Check the whole registry: the chain of epochs and every blob's digest.",
        discussion: """
            Changes nothing, unless another copy of the registry is given to repair from: then what is damaged or missing \
            is replaced by the good file there, and the damaged one kept in quarantine/. Ends with exit status 4 while \
            damage is left.

            EXAMPLES
              dien-registry fsck
              dien-registry fsck --repair-from /mnt/backup/models

            JSON: {"blobs":12,"bytes":91034,"epoch":9,"findings":[{"detail":…,"kind":"damagedBlob","path":…,\
            "repaired":false},…],"ok":false}; kinds damagedState, missingState, damagedBlob, missingBlob, and the
            harmless unreferencedBlob and leftover
            """)

    @Option(help: "Another copy of this registry.")
    var repairFrom: String?

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let registry = try reading.open()
        let source = try repairFrom.map { path in try Registry(openingAt: path) }
        let report = try registry.check(repairingFrom: source)
        let result = Result(
            ok: report.isWhole, epoch: report.epoch, blobs: report.blobs, bytes: report.bytes,
            findings: report.findings)
        try Output.print(json: reading.json, result, text: result.text)
        let left = report.findings.filter { $0.isDamage && !$0.repaired }
        if let first = left.first { throw RegistryError.damaged(path: first.path, findings: left.count) }
    }

    private struct Result: Encodable {
        let ok: Bool
        let epoch: UInt64
        let blobs: Int
        let bytes: UInt64
        let findings: [Finding]

        var text: String {
            let lines = findings.map {
                Output.padded($0.kind.rawValue, 17) + "\($0.path): \($0.detail)"
                    + ($0.repaired ? "; repaired" : "")
            }
            let summary =
                "\(epoch) epochs, \(blobs) blobs, \(Output.size(bytes)): " + (ok ? "whole" : "damaged")
            return (lines + [summary]).joined(separator: "\n")
        }
    }
}

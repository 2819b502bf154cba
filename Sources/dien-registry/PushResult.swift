import ModelRegistry

/// What `push` and `import` print.
struct PushResult: Encodable {
    let model: String
    let version: UInt64
    let manifest: Digest
    let alias: String?
    let epoch: UInt64
    let committed: Bool
    let checks: [VersionCheck]

    init(_ push: Push, alias: String?, checks: [VersionCheck]) {
        model = push.model
        version = push.version
        manifest = push.manifest.digest
        self.alias = alias
        epoch = push.commit.state.epoch
        committed = push.commit.isNew
        self.checks = checks
    }

    /// For people.
    var text: String {
        let stored = committed ? "is" : "was already"
        let served = alias.map { ", \($0)" } ?? ""
        let lines = ["\(model) version \(version) \(stored) \(manifest)\(served)", "epoch \(epoch)"]
        return (checks.map(\.text) + lines).joined(separator: "\n")
    }
}

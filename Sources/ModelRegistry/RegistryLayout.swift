/// Where things are below a registry's folder. Paths are built from numbers, digests and random names only.
struct RegistryLayout: Sendable {
    let root: String

    var format: String { root + "/format" }
    var blobs: String { root + "/blobs" }
    var sha256: String { blobs + "/sha256" }
    var state: String { root + "/state" }
    var staging: String { root + "/staging" }
    var leases: String { root + "/leases" }
    var quarantine: String { root + "/quarantine" }
    var lock: String { root + "/gc.lock" }
    var reserve: String { root + "/reserve" }

    /// `state/000000000042.json`.
    func state(_ epoch: UInt64) -> String {
        let digits = String(epoch)
        return state + "/" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ".json"
    }

    /// The epoch of a name in `state/`; nil for the names of other things, which readers pass over.
    static func epoch(ofStateName name: String) -> UInt64? {
        let suffix = ".json"
        guard name.hasSuffix(suffix), name.utf8.count == 12 + suffix.utf8.count else { return nil }
        let digits = name.utf8.prefix(12)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt64(name.prefix(12)).flatMap { $0 == 0 ? nil : $0 }
    }

    /// `blobs/sha256/ab`, the folder of all digests that start with `ab`.
    func blobFolder(_ digest: Digest) -> String { sha256 + "/" + digest.hex.prefix(2) }

    /// `blobs/sha256/ab/<64 digits>`.
    func blob(_ digest: Digest) -> String { blobFolder(digest) + "/" + digest.hex }
}

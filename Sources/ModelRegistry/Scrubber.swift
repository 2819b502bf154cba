internal import Files

/// Reads every blob of the newest epoch again, slowly, so that a disk that forgets is noticed before a restart needs what
/// it forgot. For a thread of low priority; call it again and again.
public struct Scrubber: Sendable {
    /// What one round looked at and found.
    public struct Round: Sendable, Equatable {
        /// Blobs whose digest was computed.
        public internal(set) var blobs = 0
        /// Their bytes.
        public internal(set) var bytes: UInt64 = 0
        /// What was damaged or missing.
        public internal(set) var findings: [Finding] = []
        /// False when `shouldStop` ended it.
        public internal(set) var isComplete = true
    }

    private let registry: Registry
    private let bytesPerSecond: Double

    /// A scrubber of a registry; 50 MB/s unless told otherwise.
    public init(_ registry: Registry, bytesPerSecond: UInt64 = 50_000_000) {
        self.registry = registry
        self.bytesPerSecond = Double(max(1, bytesPerSecond))
    }

    /// One round on the calling thread, which sleeps as much as the rate asks for. Reads only: what is found is the
    /// caller's to report, and `dien-registry fsck --repair-from` mends it.
    ///
    /// - Parameters:
    ///   - shouldStop: asked about once a MiB.
    ///   - onDamage: told of each damaged or missing file of a version as soon as it is found, not only at the end.
    public func run(
        until shouldStop: () -> Bool = { false }, onDamage: (Digest, Finding) -> Void = { _, _ in }
    ) throws(RegistryError) -> Round {
        var round = Round()
        for descriptor in try descriptors(&round) {
            let known = round.findings.count
            try examine(descriptor, &round, shouldStop)
            for finding in round.findings[known...] { onDamage(descriptor.digest, finding) }
            if !round.isComplete { break }
        }
        return round
    }

    /// Every blob once, manifests first; a manifest that cannot be read is a finding.
    private func descriptors(_ round: inout Round) throws(RegistryError) -> [Descriptor] {
        var all: [Digest: Descriptor] = [:]
        for model in try registry.currentState().models.values {
            for version in model.versions.values {
                do {
                    for file in try registry.manifest(version.manifest).files.values {
                        all[file.digest] = file
                    }
                } catch {
                    let path = registry.layout.blob(version.manifest.digest)
                    round.findings.append(Finding(.damagedBlob, path, "\(error)"))
                }
            }
        }
        return all.values.sorted { $0.digest.hex < $1.digest.hex }
    }

    private func examine(
        _ descriptor: Descriptor, _ round: inout Round, _ shouldStop: () -> Bool
    ) throws(RegistryError) {
        let path = registry.layout.blob(descriptor.digest)
        let begin = MonotonicClock.nanoseconds()
        var done: UInt64 = 0
        let found: (digest: Digest, size: UInt64)
        do {
            found = try Digest.hashing(registry.disk.openFile(path)) { (bytes) throws(FileError) in
                done += UInt64(bytes.count)
                if shouldStop() { throw .cancelled(path: path) }
                pause(after: done, since: begin)
            }
        } catch {
            if error == .cancelled(path: path) {
                round.isComplete = false
                return
            }
            let kind: Finding.Kind = error.isNotFound ? .missingBlob : .damagedBlob
            round.findings.append(Finding(kind, path, "\(error)"))
            return
        }
        round.blobs += 1
        round.bytes += found.size
        if found.digest != descriptor.digest {
            round.findings.append(Finding(.damagedBlob, path, "it holds \(found.digest)"))
        }
    }

    private func pause(after bytes: UInt64, since begin: UInt64) {
        let due = UInt64(Double(bytes) / bytesPerSecond * 1e9)
        let passed = MonotonicClock.nanoseconds() - begin
        if due > passed { MonotonicClock.sleep(nanoseconds: due - passed) }
    }
}

internal import Files

extension Registry {
    /// Every blob that a state's versions need; `checked` gets their digests.
    func checkVersions(
        of state: RegistryState, _ checked: inout Set<Digest>, _ report: inout CheckReport,
        _ source: Registry?
    ) throws(RegistryError) {
        for (_, model) in state.models.sorted(by: { $0.key < $1.key }) {
            for (_, version) in model.versions.sorted(by: { $0.key < $1.key }) {
                try check(version.manifest, &checked, &report, source)
                // A manifest that could not be mended is reported, and its files count as unreferenced.
                guard let manifest = try? manifest(version.manifest) else { continue }
                for (_, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
                    try check(file, &checked, &report, source)
                }
                if let base = manifest.base { try check(base, &checked, &report, source) }
            }
        }
    }

    /// One blob, unless it is checked already.
    func check(
        _ descriptor: Descriptor, _ checked: inout Set<Digest>, _ report: inout CheckReport,
        _ source: Registry?
    ) throws(RegistryError) {
        guard checked.insert(descriptor.digest).inserted else { return }
        guard var finding = try examineBlob(descriptor, &report) else { return }
        if let source, let good = try? source.map(descriptor, verifyingDigest: true) {
            try replaceBlob(descriptor, with: good)
            finding.repaired = true
        }
        report.findings.append(finding)
    }

    private func examineBlob(
        _ descriptor: Descriptor, _ report: inout CheckReport
    ) throws(RegistryError) -> Finding? {
        let path = layout.blob(descriptor.digest)
        do {
            try checkSize(descriptor)
        } catch {
            switch error {
            case .missingBlob: return Finding(.missingBlob, path, "missing")
            case .blobSize(_, let expected, let found):
                return Finding(.damagedBlob, path, "\(found) bytes instead of \(expected)")
            case .file(.notRegularFile): return Finding(.damagedBlob, path, "not a regular file")
            default: throw error
            }
        }
        let found = try countedDigest(path, &report)
        guard found != descriptor.digest else { return nil }
        return Finding(.damagedBlob, path, found.map { "it holds \($0)" } ?? "it cannot be read")
    }

    /// The digest of a file; nil where the disk gives an error for it, which is damage, not an end of the check.
    func countedDigest(_ path: String, _ report: inout CheckReport) throws(RegistryError) -> Digest? {
        guard let found = try? digest(of: disk.openFile(path), at: path) else { return nil }
        report.blobs += 1
        report.bytes += found.size
        return found.digest
    }
}

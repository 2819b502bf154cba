extension Registry {
    /// Checks everything there is: the chain of states from the newest to the first, and the digest of every blob.
    ///
    /// With `source`, another copy of this registry, each damaged or missing file is replaced by the good one there;
    /// what was damaged is kept in `quarantine/`. Nothing is changed without it.
    public func check(repairingFrom source: Registry? = nil) throws(RegistryError) -> CheckReport {
        guard let source else { return try examine(nil) }
        return try writing { () throws(RegistryError) in try examine(source) }
    }

    private func examine(_ source: Registry?) throws(RegistryError) -> CheckReport {
        var report = CheckReport()
        report.epoch = try newestEpoch()
        let chain = try checkChain(&report, source)
        let newest = chain.newest
        var referenced: Set<Digest> = []
        if let newest { try checkVersions(of: newest, &referenced, &report, source) }
        for evidence in chain.evidence { try check(evidence, &referenced, &report, source) }
        for blob in try storedBlobs() where !referenced.contains(blob.digest) {
            let path = layout.blob(blob.digest)
            let isGood = try countedDigest(path, &report) == blob.digest
            report.findings.append(
                newest == nil && !isGood
                    ? Finding(.damagedBlob, path, "its content is not that of its name")
                    : Finding(.unreferencedBlob, path, "nothing in the states needs it"))
        }
        for path in try leftovers() {
            report.findings.append(Finding(.leftover, path, "a broken-off writer left it"))
        }
        return report
    }
}

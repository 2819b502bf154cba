internal import Files

extension Registry {
    /// From the newest epoch back, since each state tells the digest of the one before it. Gives the newest state, and
    /// the evidence that any of them names.
    func checkChain(
        _ report: inout CheckReport, _ source: Registry?
    ) throws(RegistryError) -> (newest: RegistryState?, evidence: [Descriptor]) {
        var newest: RegistryState?
        var evidence: [Descriptor] = []
        var expected: Digest?
        for epoch in (1...report.epoch).reversed() {
            var found = try examineState(epoch, expected)
            if case .failure(var finding) = found, let source,
                let bytes = source.goodState(epoch, expected, before: try? digestOfState(epoch - 1))
            {
                try replace(layout.state(epoch), in: layout.state, with: bytes)
                finding.repaired = true
                report.findings.append(finding)
                found = try examineState(epoch, expected)
            }
            switch found {
            case .success(let state):
                expected = state.previous
                if epoch == report.epoch { newest = state }
                if let document = state.evidence { evidence.append(document) }
            case .failure(let finding):
                expected = nil
                report.findings.append(finding)
            }
        }
        return (newest, evidence)
    }

    private enum Examined {
        case success(RegistryState)
        case failure(Finding)
    }

    /// The state of an epoch, if it has the digest that the next one names and is what it should be in itself.
    private func examineState(_ epoch: UInt64, _ expected: Digest?) throws(RegistryError) -> Examined {
        let path = layout.state(epoch)
        let bytes: [UInt8]
        do {
            bytes = try disk.contents(path, limit: Self.stateBytesLimit)
        } catch {
            if error.isNotFound {
                return .failure(Finding(.missingState, path, "missing, though a later epoch follows it"))
            }
            return .failure(Finding(.damagedState, path, "\(error)"))
        }
        do {
            let state = try StateFile.decode(bytes)
            guard state.epoch == epoch else {
                return .failure(Finding(.damagedState, path, "it says that it is epoch \(state.epoch)"))
            }
            let found = Digest(hashing: bytes)
            guard expected == nil || expected == found else {
                return .failure(
                    Finding(
                        .damagedState, path, "it is \(found), the next epoch follows \(expected ?? found)"))
            }
            return .success(state)
        } catch {
            return .failure(Finding(.damagedState, path, error.reason))
        }
    }

    /// This copy's file of an epoch, if it is good and belongs into the same chain: between the digest that the next epoch
    /// names and the epoch before. For the newest epoch only the latter can be known.
    private func goodState(_ epoch: UInt64, _ expected: Digest?, before: Digest?) -> [UInt8]? {
        guard let bytes = try? disk.contents(layout.state(epoch), limit: Self.stateBytesLimit),
            let state = try? StateFile.decode(bytes), state.epoch == epoch
        else { return nil }
        if let expected { return Digest(hashing: bytes) == expected ? bytes : nil }
        return before != nil && state.previous == before ? bytes : nil
    }

    private func digestOfState(_ epoch: UInt64) throws(FileError) -> Digest {
        Digest(hashing: try disk.contents(layout.state(epoch), limit: Self.stateBytesLimit))
    }
}

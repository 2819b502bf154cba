extension Registry {
    /// Points an alias at a version, in one epoch; no new epoch when it points there already.
    ///
    /// - Parameters:
    ///   - expectEpoch: the epoch the caller decided on; when the registry has moved on, `.epochMoved`.
    ///   - expectCurrent: the version the caller believes the alias names, 0 for none; otherwise `.aliasMoved`.
    ///   - endingSplit: whether the model's split and shadow end in the same epoch, as they should when the candidate won.
    ///   - verifier: loads the version as a server would; when it refuses, nothing is committed.
    public func promote(
        model: String, version: UInt64, alias: String = RegistryState.champion, expectEpoch: UInt64? = nil,
        expectCurrent: UInt64? = nil, endingSplit: Bool = false, note: CommitNote, verifier: VersionVerifier
    ) throws(RegistryError) -> Commit {
        try RegistryName.check(alias, role: "alias")
        let expectation = Expectation(epoch: expectEpoch, model: model, alias: alias, current: expectCurrent)
        let state = try currentState()
        try expectation.check(state)
        try require(verifier, files(of: state.version(version, of: model), model: model))
        return try commit(note) { (state) throws(RegistryError) in
            try expectation.check(state)
            _ = try state.version(version, of: model)
            return try state.changing(model) { (entry) throws(RegistryError) in
                if entry.aliases[alias] != version { try entry.point(alias, at: version, model: model) }
                if endingSplit { entry.endExperiment() }
            }
        }
    }

    /// Points an alias back, in one epoch: at the version it named before its last change, or at the one it named at
    /// epoch `toEpoch`. A second rollback without `toEpoch` therefore undoes the first.
    ///
    /// Versions pushed meanwhile stay. Only the presence and size of the blobs are checked, since a rollback must be
    /// quick and the version was verified when it was promoted; a server checks it again before it serves it.
    public func rollback(
        model: String, alias: String = RegistryState.champion, toEpoch: UInt64? = nil,
        expectEpoch: UInt64? = nil,
        note: CommitNote
    ) throws(RegistryError) -> Commit {
        try RegistryName.check(alias, role: "alias")
        let expectation = Expectation(epoch: expectEpoch, model: model, alias: alias, current: nil)
        return try commit(note) { (state) throws(RegistryError) in
            try expectation.check(state)
            _ = try state.model(model)
            let target =
                if let toEpoch {
                    try self.state(epoch: toEpoch).models[model]?.aliases[alias]
                } else {
                    try previousTarget(of: alias, model: model, before: state)
                }
            guard let target else { throw .nothingToRollBack(alias: alias, model: model) }
            let files = try files(of: state.version(target, of: model), model: model)
            for descriptor in files.manifest.files.values { try checkSize(descriptor) }
            return try state.pointing(alias, of: model, at: target)
        }
    }

    /// The version that the alias named last before the one it names now; nil when there was none.
    private func previousTarget(
        of alias: String, model: String, before state: RegistryState
    ) throws(RegistryError) -> UInt64? {
        let current = state.models[model]?.aliases[alias]
        var epoch = state.epoch
        while epoch > 1 {
            epoch -= 1
            let target = try self.state(epoch: epoch).models[model]?.aliases[alias]
            if let target, target != current { return target }
        }
        return nil
    }
}

/// What a caller requires of the state that its commit replaces.
private struct Expectation {
    let epoch: UInt64?
    let model: String
    let alias: String
    let current: UInt64?

    func check(_ state: RegistryState) throws(RegistryError) {
        if let epoch, epoch != state.epoch { throw .epochMoved(expected: epoch, found: state.epoch) }
        let found = state.models[model]?.aliases[alias] ?? 0
        if let current, current != found {
            throw .aliasMoved(alias: alias, model: model, expected: current, found: found)
        }
    }
}

extension RegistryState {
    /// The models with one alias moved; nil when it is there already.
    fileprivate func pointing(
        _ alias: String, of name: String, at version: UInt64
    ) throws(RegistryError) -> [String: RegisteredModel]? {
        var entry = try model(name)
        if entry.aliases[alias] == version { return nil }
        try entry.point(alias, at: version, model: name)
        return models.merging([name: entry]) { $1 }
    }
}

extension Registry {
    /// Starts a split of a model's traffic, in one epoch; no new epoch when exactly this split runs already.
    ///
    /// - Parameters:
    ///   - replacing: whether a running split is stopped in the same epoch; otherwise it refuses the start.
    ///   - reusingSalt: whether a salt that served another split may serve this one. Its units would be met again by the
    ///     same arms, and carry over what the earlier split did to them.
    ///   - verifier: loads each version but the control slice's as a server would; when it refuses, nothing is committed.
    public func startSplit(
        _ split: RegisteredSplit, of model: String, replacing: Bool = false, reusingSalt: Bool = false,
        expectEpoch: UInt64? = nil, note: CommitNote, verifier: VersionVerifier
    ) throws(RegistryError) -> Commit {
        let change = { (state: RegistryState) throws(RegistryError) -> [String: RegisteredModel]? in
            try state.expect(expectEpoch)
            return try state.starting(split, of: model, replacing: replacing, reusingSalt: reusingSalt)
        }
        let state = try currentState()
        if try change(state) != nil {
            let candidates = split.arms.filter { $0.name != split.control }.map(\.target)
            try verify(candidates, of: model, in: state, verifier)
        }
        return try commit(note, change)
    }

    /// Changes how much of a running split's arms is enrolled, in basis points.
    ///
    /// Raising enrols new units and moves none. Lowering withdraws the units enrolled last, so it needs `down`.
    /// While the split is held only `resuming` raises it.
    public func rampSplit(
        of model: String, to coverage: UInt32, down: Bool = false, resuming: Bool = false,
        expectEpoch: UInt64? = nil, note: CommitNote
    ) throws(RegistryError) -> Commit {
        try commit(note) { (state) throws(RegistryError) in
            try state.expect(expectEpoch)
            return try state.changingSplit(of: model) { (split) throws(RegistryError) in
                if coverage < split.coverage, !down {
                    throw .split(.lower(from: split.coverage, to: coverage), model: model)
                }
                if coverage > split.coverage, split.isHeld, !resuming { throw .split(.held, model: model) }
                split.coverage = coverage
                if resuming { split.isHeld = false }
            }
        }
    }

    /// Keeps a running split's coverage where it is until somebody resumes the ramp.
    public func holdSplit(
        of model: String, expectEpoch: UInt64? = nil, note: CommitNote
    ) throws(RegistryError) -> Commit {
        try commit(note) { (state) throws(RegistryError) in
            try state.expect(expectEpoch)
            return try state.changingSplit(of: model) { $0.isHeld = true }
        }
    }

    /// Gives one unit an arm whatever its hash says; a nil arm takes it off every allow-list.
    public func allow(
        _ unit: String, arm: String?, of model: String, expectEpoch: UInt64? = nil, note: CommitNote
    ) throws(RegistryError) -> Commit {
        try commit(note) { (state) throws(RegistryError) in
            try state.expect(expectEpoch)
            return try state.changingSplit(of: model) { (split) throws(RegistryError) in
                if let arm, !split.arms.contains(where: { $0.name == arm }) {
                    let names = split.arms.map(\.name).joined(separator: ", ")
                    throw .split(.invalid(reason: "no arm '\(arm)'; there is \(names)"), model: model)
                }
                split.arms = split.arms.map { old in
                    let others = old.allow.filter { $0 != unit }
                    return RegisteredSplit.Arm(
                        name: old.name, target: old.target, weight: old.weight,
                        allow: old.name == arm ? others + [unit] : others)
                }
            }
        }
    }

    /// Ends a model's split: the champion answers everybody, and the salt is retired. No new epoch when none runs.
    ///
    /// - Parameter endingShadow: whether the shadow ends in the same epoch.
    public func stopSplit(
        of model: String, endingShadow: Bool = false, expectEpoch: UInt64? = nil, note: CommitNote
    ) throws(RegistryError) -> Commit {
        try commit(note) { (state) throws(RegistryError) in
            try state.expect(expectEpoch)
            return try state.changing(model) { (entry) in
                entry.retireSplit()
                if endingShadow { entry.shadow = nil }
            }
        }
    }
}

extension RegistryState {
    /// The models with a split started; nil when exactly it runs already.
    fileprivate func starting(
        _ split: RegisteredSplit, of name: String, replacing: Bool, reusingSalt: Bool
    ) throws(RegistryError) -> [String: RegisteredModel]? {
        try changing(name) { (entry) throws(RegistryError) in
            if entry.split == split { return }
            for arm in split.arms { _ = try versionNumber(of: arm.target, in: name) }
            if let running = entry.split {
                guard replacing else { throw .split(.running(salt: running.salt), model: name) }
                entry.retireSplit()
            }
            if !reusingSalt, let owner = owner(ofSalt: split.salt) {
                throw .split(.saltUsed(split.salt, by: owner), model: name)
            }
            if let layer = split.layer, let owner = owner(of: layer, besides: name) {
                throw .split(.segmentsTaken(layer: layer.name, by: owner), model: name)
            }
            entry.split = split
        }
    }

    fileprivate func changingSplit(
        of name: String, _ change: (inout RegisteredSplit) throws(RegistryError) -> Void
    ) throws(RegistryError) -> [String: RegisteredModel]? {
        try changing(name) { (entry) throws(RegistryError) in
            guard var split = entry.split else { throw .split(.notRunning, model: name) }
            try change(&split)
            entry.split = split
        }
    }

    /// The model whose split uses, or used, the salt: two models under one salt would give a unit the same arm.
    private func owner(ofSalt salt: String) -> String? {
        models.sorted { $0.key < $1.key }.first { _, model in
            model.split?.salt == salt || model.retiredSalts.contains(salt)
        }?.key
    }

    /// The model whose running split owns a segment of this layer's slice.
    private func owner(of slice: RegisteredSplit.Layer, besides name: String) -> String? {
        models.sorted { $0.key < $1.key }.first { other, model in
            guard other != name, let taken = model.split?.layer else { return false }
            return taken.name == slice.name && taken.first < slice.end && slice.first < taken.end
        }?.key
    }
}

extension RegisteredModel {
    /// Ends split and shadow.
    mutating func endExperiment() {
        retireSplit()
        shadow = nil
    }

    fileprivate mutating func retireSplit() {
        guard let salt = split?.salt else { return }
        if !retiredSalts.contains(salt) {
            retiredSalts = (retiredSalts + [salt]).sorted(by: RegisteredSplit.Arm.isBefore)
        }
        split = nil
    }
}

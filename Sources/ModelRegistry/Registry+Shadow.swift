extension Registry {
    /// Sets what scores copies of a model's requests, in one epoch; nil: nothing does any more.
    ///
    /// A new version is verified as a promotion would; a change of rate is not.
    public func shadow(
        _ shadow: RegisteredShadow?, of model: String, expectEpoch: UInt64? = nil, note: CommitNote,
        verifier: VersionVerifier
    ) throws(RegistryError) -> Commit {
        let change = { (state: RegistryState) throws(RegistryError) -> [String: RegisteredModel]? in
            try state.expect(expectEpoch)
            return try state.changing(model) { (entry) throws(RegistryError) in
                if let shadow { _ = try state.versionNumber(of: shadow.target, in: model) }
                entry.shadow = shadow
            }
        }
        let state = try currentState()
        if let shadow, try change(state) != nil, state.models[model]?.shadow?.target != shadow.target {
            try verify([shadow.target], of: model, in: state, verifier)
        }
        return try commit(note, change)
    }

    /// Has each version that the references name verified, none twice.
    func verify(
        _ targets: [VersionReference], of model: String, in state: RegistryState, _ verifier: VersionVerifier
    ) throws(RegistryError) {
        var verified: Set<UInt64> = []
        for target in targets {
            let number = try state.versionNumber(of: target, in: model)
            guard verified.insert(number).inserted else { continue }
            try require(verifier, files(of: state.version(number, of: model), model: model))
        }
    }
}

extension RegistryState {
    /// Throws `.epochMoved` when the caller decided on another epoch.
    func expect(_ expected: UInt64?) throws(RegistryError) {
        if let expected, expected != epoch { throw .epochMoved(expected: expected, found: epoch) }
    }

    /// The number of the version that a reference names, or the error that lists those there are.
    func versionNumber(of reference: VersionReference, in name: String) throws(RegistryError) -> UInt64 {
        switch reference {
        case .version(let number):
            _ = try version(number, of: name)
            return number
        case .alias(let alias):
            let model = try model(name)
            guard let number = model.aliases[alias] else {
                throw .unknownAlias(alias, model: name, known: model.aliases.keys.sorted())
            }
            return number
        }
    }

    /// The models with one of them changed; nil when it stays as it is. A change that no reader would accept is refused.
    func changing(
        _ name: String, _ change: (inout RegisteredModel) throws(RegistryError) -> Void
    ) throws(RegistryError) -> [String: RegisteredModel]? {
        let before = try model(name)
        var entry = before
        try change(&entry)
        if entry == before { return nil }
        if let fault = entry.trafficFault { throw .split(.invalid(reason: fault), model: name) }
        return models.merging([name: entry]) { $1 }
    }
}

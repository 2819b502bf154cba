import Experiment
import ModelRegistry

extension RampController.Stage {
    /// Where a model's state has a candidate.
    init(of candidate: UInt64, in model: RegisteredModel) {
        let shadowed = model.shadow?.target.version(in: model)
        if model.aliases[RegistryState.champion] == candidate {
            let isTried = model.split?.arms.contains { $0.target.version(in: model) == candidate } ?? false
            self = .champion(isEnded: !isTried && shadowed != candidate)
        } else if let split = model.split {
            self.init(of: candidate, in: split, model)
        } else if let shadowed {
            self =
                shadowed == candidate
                ? .shadow
                : .foreign(reason: "version \(shadowed) is shadowed; `dien-registry shadow` puts it out")
        } else {
            self = .absent
        }
    }

    private init(of candidate: UInt64, in split: RegisteredSplit, _ model: RegisteredModel) {
        let others = split.arms.filter { $0.name != split.control }
        guard split.control != nil, others.count == 1, let arm = others.first,
            arm.target.version(in: model) == candidate
        else {
            let reason =
                "the split '\(split.salt)' does not compare version \(candidate) with a control alone"
            self = .foreign(reason: reason)
            return
        }
        let share = Int((split.share(of: arm) * Double(RegisteredSplit.fullCoverage)).rounded())
        self = .split(share: share, isHeld: split.isHeld)
    }
}

extension RegisteredModel {
    /// What a candidate's exposure is made of: as long as it stays the same, a phase lasts.
    struct Exposure: Equatable {
        let salt: String?
        let coverage: UInt32?
        let shadow: VersionReference?
    }

    /// Of the split, or of the shadow where there is none.
    var exposure: Exposure {
        Exposure(salt: split?.salt, coverage: split?.coverage, shadow: split == nil ? shadow?.target : nil)
    }
}

extension Registry {
    /// Why a version should not be tried again: a FAIL that ended an experiment with it, and the epoch that says so; nil where
    /// there is none. Looks back to where the version was pushed.
    func failure(of version: UInt64, model: String, before state: RegistryState) throws -> String? {
        var state = state
        while state.models[model]?.versions[version] != nil {
            if let evidence = try EvidenceDocument(about: model, of: state, in: self)?.evidence,
                evidence.trial.candidate.version == version, evidence.verdict.decision == .fail
            {
                return "version \(version) failed at epoch \(state.epoch) (\(evidence.verdict.summary)); "
                    + "push a better one, or give --again"
            }
            guard state.epoch > 1 else { return nil }
            state = try self.state(epoch: state.epoch - 1)
        }
        return nil
    }
}

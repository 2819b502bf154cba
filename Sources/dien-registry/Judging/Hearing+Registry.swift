import Experiment
import ModelRegistry

extension Hearing {
    /// What replicas said about a trial that `state` tells of. One that follows another epoch counts where that epoch says
    /// the same of the model's traffic; otherwise it is named and left out.
    init(
        of trial: Trial, _ answers: [(replica: String, answer: Answer)], state: RegistryState,
        in registry: Registry
    ) {
        self.init(of: trial, answers) { server in
            if server.epoch == state.epoch { return nil }
            if server.epoch > state.epoch { return "it follows epoch \(server.epoch) already" }
            guard let model = state.models[trial.model],
                let other = (try? registry.state(epoch: server.epoch))?.models[trial.model]
            else { return "it follows epoch \(server.epoch), which does not tell of \(trial.model)" }
            let champion = RegistryState.champion
            let isSame =
                other.split == model.split && other.shadow == model.shadow
                && other.aliases[champion] == model.aliases[champion]
            return isSame ? nil : "it follows epoch \(server.epoch), where the experiment is another"
        }
    }
}

extension Registry {
    /// The newest evidence about a model that an epoch names, of those whose trial is meant: back to where the split that
    /// runs in `state` began. Nil where there is none, or no split.
    func newestEvidence(
        about model: String, in state: RegistryState, _ isMeant: (Trial) -> Bool
    ) throws -> EvidenceDocument? {
        guard let salt = try state.model(model).split?.salt else { return nil }
        var state = state
        while state.models[model]?.split?.salt == salt {
            let document = try EvidenceDocument(about: model, of: state, in: self)
            if let document, isMeant(document.evidence.trial) { return document }
            guard state.epoch > 1 else { return nil }
            state = try self.state(epoch: state.epoch - 1)
        }
        return nil
    }
}

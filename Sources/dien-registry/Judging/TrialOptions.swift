import ArgumentParser
import Experiment
import ModelRegistry

/// What is judged, where the state leaves a choice.
struct TrialOptions: ParsableArguments {
    @Flag(help: "Judge the shadow, although a split runs.")
    var shadow = false

    @Option(help: "The arm that is judged (default: the only one that is no control).")
    var arm: String?

    @Option(help: "The arm that it is compared with (default: the split's control slice).")
    var control: String?

    /// The trial that a state tells of.
    func trial(of model: String, in state: RegistryState) throws -> Trial {
        try Trial(of: model, in: state, asShadow: shadow, arm: arm, control: control)
    }
}

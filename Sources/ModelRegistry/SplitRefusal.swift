/// Why a change of a model's split or shadow was not committed.
public enum SplitRefusal: Sendable, Equatable {
    /// The split or shadow is not one that a state may hold.
    case invalid(reason: String)
    /// A split runs already.
    case running(salt: String)
    /// No split runs.
    case notRunning
    /// The salt served, or serves, a split of this model.
    case saltUsed(String, by: String)
    /// The coverage would fall, which withdraws units, and nobody said so.
    case lower(from: UInt32, to: UInt32)
    /// The split is held.
    case held
    /// Another model's split owns some of the segments.
    case segmentsTaken(layer: String, by: String)

    /// What is wrong, and the mend, after the model's name.
    var description: String {
        switch self {
        case .invalid(let reason): "this split or shadow is not allowed: \(reason)"
        case .running(let salt): "a split with salt '\(salt)' runs; stop it, ramp it, or give --replace"
        case .notRunning: "no split runs; start one with `dien-registry split start`"
        case .saltUsed(let salt, let owner):
            "the salt '\(salt)' was used by a split of '\(owner)', whose units it would meet again; choose a new one, or give --salt-again"
        case .lower(let from, let to):
            "the coverage would fall from \(from) to \(to) basis points and withdraw units; give --down if that is meant"
        case .held: "the split is held; give --resume to raise its coverage"
        case .segmentsTaken(let layer, let owner):
            "segments of layer '\(layer)' belong to the split of '\(owner)'; choose others"
        }
    }
}

/// A part of a prepared data set, by what it is for.
public enum DatasetSplit: String, Sendable, CaseIterable {
    /// What the optimiser sees.
    case train
    /// Users held out of training, on which it stops.
    case validation
    /// What a model is judged by, and nothing else.
    case test
}

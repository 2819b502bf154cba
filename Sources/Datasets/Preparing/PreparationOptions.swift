/// How a data set is prepared: what decides its content, bit for bit.
public struct PreparationOptions: Sendable, Equatable {
    /// Which events become samples.
    public var sampling = SampleProtocol.last
    /// The bucket of users, 1 to 10, that is the test set.
    public var testBucket = 2
    /// What every draw follows from.
    public var seed: UInt64 = 1
    /// The part of the training users that is held out for validation.
    public var validation = 0.1
    /// Where negative targets come from.
    public var negatives = NegativeSampling.popularity
    /// Whether negatives have to be outside the user's own items; nil: with `leaveOneOut` and with `uniform`.
    public var avoidsOwnItems: Bool?
    /// Whether buckets and negatives of a split file are used where there is one.
    public var usesSplitFile = true
    /// Behaviours a model of this data shall use at most.
    public var maxHistory = 100
    /// Whether the first malformed line ends it.
    public var isStrict = false
    /// Whether an item of several category paths has the last one's category, as in DIN's scripts, not the first one's.
    public var usesLastCategoryPath = false
    /// Names of the columns of a table of interactions that has no header.
    public var columns: [String]?
    /// What all inputs are; nil: told by their content.
    public var format: InputFormat?
    /// Whether a data set at the target is replaced.
    public var isReplacing = false
    /// Events that are sorted in memory at once, of 24 bytes each.
    public var sortedEvents = 1 << 20

    /// The defaults: the reference's protocol.
    public init() {}

    var excludesOwnItems: Bool { avoidsOwnItems ?? (sampling == .leaveOneOut || negatives == .uniform) }
}

/// What an input file is written in.
public enum InputFormat: String, Sendable, CaseIterable {
    /// Columns separated by tabs, with their names in the first line.
    case tsv
    /// Columns separated by commas, quoted as in RFC 4180, with their names in the first line.
    case csv
    /// Amazon reviews or metadata, a JSON object or a Python dict a line.
    case amazon
    /// The reference's local_train_splitByUser and local_test_splitByUser.
    case reference
}

/// How far a preparation is.
public struct PreparationProgress: Sendable, Equatable {
    /// What is being done.
    public enum Phase: String, Sendable {
        case reading
        case counting
        case writing
    }

    /// What is being done.
    public var phase: Phase
    /// Bytes of the inputs, or users, that are done.
    public var done: UInt64
    /// All of them.
    public var total: UInt64
}

/// What came of a preparation.
public struct PreparationSummary: Sendable, Equatable {
    /// The data set.
    public var path: String
    /// Its description.
    public var description: DatasetDescription
    /// Sequences and events in it.
    public var sequences, events: Int
    /// Different users, items and categories of the input.
    public var users, items, categories: Int
    /// Lines that were skipped.
    public var malformed: MalformedLines
}

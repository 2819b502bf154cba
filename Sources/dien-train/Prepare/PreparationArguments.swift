public import ArgumentParser
public import Datasets

extension SampleProtocol: ExpressibleByArgument {}
extension NegativeSampling: ExpressibleByArgument {}
extension InputFormat: ExpressibleByArgument {}

/// What decides the content of a data set.
struct PreparationArguments: ParsableArguments {
    @Option(
        name: .customLong("protocol"), help: "Which items become targets: last, prefixes or leave-one-out.")
    var sampling = SampleProtocol.last

    @Option(
        help:
            "The test users' bucket, 1 to 10: of split.tsv where it is there, else by a hash of user and seed."
    )
    var testBucket = 2

    @Option(help: "The part of the training users that is held out for validation, 0 to 0.9.")
    var validation = 0.1

    @Option(help: "Draw negatives by popularity or uniform.")
    var negatives = NegativeSampling.popularity

    @Flag(
        inversion: .prefixedNo,
        help: "Draw negatives outside the user's own items (default: with leave-one-out or uniform).")
    var outsideOwnItems: Bool?

    @Flag(help: "Use neither the buckets nor the negatives of split.tsv.")
    var ignoreSplit = false

    @Option(help: "Every draw follows from it.")
    var seed: UInt64 = 1

    @Option(help: "Behaviours that a model of this data shall use at most.")
    var maxHistory = 100

    @Option(help: "What all inputs are: tsv, csv, amazon or reference (default: told by their content).")
    var format: InputFormat?

    @Option(help: "Names of the columns of interactions without a first line of names, with commas between.")
    var columns: String?

    @Flag(help: "Of an item with several category paths take the last one's category, as DIN's scripts do.")
    var lastCategoryPath = false

    @Flag(help: "End at the first malformed line, with status 4.")
    var strict = false

    func validate() throws {
        guard sampling != .given, negatives != .given else {
            throw ValidationError("'given' is not chosen: the reference's samples come with it")
        }
        guard (1...10).contains(testBucket) else { throw ValidationError("--test-bucket is 1 to 10") }
        guard (0...0.9).contains(validation) else { throw ValidationError("--validation is 0 to 0.9") }
        guard (1...10_000).contains(maxHistory) else { throw ValidationError("--max-history is 1 to 10000") }
    }

    func preparation(isReplacing: Bool) throws -> PreparationOptions {
        var options = PreparationOptions()
        options.sampling = sampling
        options.testBucket = testBucket
        options.validation = validation
        options.negatives = negatives
        options.avoidsOwnItems = outsideOwnItems
        options.usesSplitFile = !ignoreSplit
        options.seed = seed
        options.maxHistory = maxHistory
        options.format = format
        options.columns = columns?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        options.usesLastCategoryPath = lastCategoryPath
        options.isStrict = strict
        options.isReplacing = isReplacing
        return options
    }
}

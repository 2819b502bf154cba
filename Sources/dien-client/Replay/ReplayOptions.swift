import ArgumentParser
import Datasets
import Files
import Messages
import RequestLog

/// How fast it is replayed.
struct ReplayPacingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Start so many requests a second. (default: 100; of a log as they came then)",
            valueName: "requests/s"))
    var rate: Double?

    @Option(help: ArgumentHelp("Of a log: so many times as fast as they came then.", valueName: "factor"))
    var speed: Double?

    @Option(
        help: ArgumentHelp(
            "Instead: so many callers, each of which sends the next request when it has its answer.",
            valueName: "callers"))
    var concurrency: Int?

    @Option(
        help: ArgumentHelp(
            "Calls in progress at most; beyond it requests wait, which counts as latency.", valueName: "calls"
        ))
    var maxInFlight = 64

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Send all so many times, under the same routing keys: more load, and no more evidence.",
            valueName: "count"))
    var rounds = 1

    @Option(help: ArgumentHelp("Only the first so many requests.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        for (name, value) in [("--rate", rate), ("--speed", speed)] {
            guard let value else { continue }
            guard value.isFinite, value > 0, value <= 1e6 else {
                throw ValidationError("\(name) is \(value); give a number above 0, up to 1000000")
            }
        }
        guard [rate != nil, speed != nil, concurrency != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("give one of --rate, --speed and --concurrency")
        }
        guard (1...1_000_000).contains(rounds) else { throw ValidationError("--repeat is 1 to 1000000") }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is 1 or more") }
        for (name, value) in [("--max-in-flight", maxInFlight), ("--concurrency", concurrency ?? 1)]
        where !(1...100_000).contains(value) {
            throw ValidationError("\(name) is 1 to 100000")
        }
    }

    /// When the requests start.
    func pace(isLog: Bool) throws -> ReplaySource.Pace {
        if let concurrency { return .callers(concurrency) }
        if let rate { return .rate(rate) }
        guard isLog else {
            guard speed == nil else { throw ValidationError("--speed is of a log; give --rate") }
            return .rate(100)
        }
        return .speed(speed ?? 1)
    }
}

/// What is replayed of a data set.
struct ReplayDataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Train, validation or test. (default: test)", valueName: "split"),
        transform: split(argument:))
    var split: DatasetSplit?

    @Option(
        help: ArgumentHelp(
            "What stands before a user's number in the routing key. (default: user-)", valueName: "text"))
    var keyPrefix: String?

    @Option(
        help: ArgumentHelp(
            "Beside the clicked candidates so many that are drawn by popularity. (default: those of the data set)",
            valueName: "count"))
    var negatives: Int?

    @Flag(help: "Take the users in an order that --seed draws.")
    var shuffle = false

    @Option(help: ArgumentHelp("What draws begin from. (default: 1)", valueName: "number"))
    var seed: UInt64?

    @Flag(inversion: .prefixedNo, help: "Report every candidate as shown, and the clicked ones as clicked.")
    var feedback = true

    func validate() throws {
        guard (0...1000).contains(negatives ?? 0) else { throw ValidationError("--negatives is 0 to 1000") }
        // The server takes keys of 128 bytes.
        guard (1...100).contains((keyPrefix ?? "user-").utf8.count) else {
            throw ValidationError("--key-prefix is 1 to 100 bytes long")
        }
    }

    private static func split(argument: String) throws -> DatasetSplit {
        guard let split = DatasetSplit(rawValue: argument) else {
            throw ValidationError("the split is train, validation or test, not '\(argument)'")
        }
        return split
    }

    /// What is asked for that a log knows nothing of; nil: nothing.
    var misplaced: String? {
        if split != nil { return "--split" }
        if keyPrefix != nil { return "--key-prefix" }
        if negatives != nil { return "--negatives" }
        if shuffle { return "--shuffle" }
        return seed != nil ? "--seed" : nil
    }

    func requests(_ path: String, model: ModelSpec) throws -> DatasetRequests {
        var settings = DatasetRequests.Settings()
        settings.model = model
        settings.keyPrefix = keyPrefix ?? settings.keyPrefix
        settings.negatives = negatives
        settings.isShuffled = shuffle
        settings.seed = seed ?? settings.seed
        return try DatasetRequests(Dataset(path: path), split ?? .test, settings)
    }
}

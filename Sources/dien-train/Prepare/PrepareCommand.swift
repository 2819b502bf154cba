import ArgumentParser
import Datasets
import Files

/// `dien-train prepare`.
struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Make a data set from raw interactions, ready to be mapped by training.",
        discussion: """
            Inputs are files, gzip or not, told apart by their content, or folders with files of the usual names:
              interactions.tsv, .csv   columns user, item, timestamp and perhaps category, named in the first line
              items.tsv, .csv          columns item and category
              split.tsv                columns user, bucket, positive, negative_pop, negative_uniform
              reviews_*.json, meta_*   Amazon reviews and metadata, a JSON object or a Python dict a line
              local_train_splitByUser  the reference's own samples, with local_test_splitByUser beside it

            PROTOCOLS
              last           the last item of each user is its target; users of the test bucket are the test set
              prefixes       as last, and of training users every earlier item too
              leave-one-out  every item of every user but the last trains, the last one tests; a validation user's last \
            item but one validates
            A target comes with one negative. Users held out for validation, whom training then does not see, are cut \
            from the training users by --validation, never from the test set.

            Rows go to users, items and categories of the training samples by falling frequency, ties by ascending \
            identifier; row 0 is everything else. The same inputs and options give the same bytes. Memory grows with the \
            number of different identifiers, not with the files. Malformed lines are skipped and counted.

            EXAMPLES
              dien-train prepare shared/amazon_sports --output data/sports
              dien-train prepare shared/amazon_sports --output data/sports-p --protocol prefixes --validation 0
              dien-train prepare reviews_Books_5.json.gz meta_Books.json.gz --output data/books --strict
              dien-train prepare ratings.csv --columns user,item,rating,timestamp --output data/ratings
              dien-train prepare local_train_splitByUser local_test_splitByUser --output data/reference
              dien-train prepare --synthetic books --output data/synthetic-books

            EXIT STATUS
              0 done · 2 usage · 4 the data failed a check · 5 input or output failed · 130 and 143 ended by SIGINT or \
            SIGTERM; nothing is left then
            """)

    @Argument(help: "Files or folders to read.", completion: .file())
    var inputs: [String] = []

    @Option(help: "The data set's folder.", completion: .directory)
    var output: String

    @OptionGroup var options: PreparationArguments

    @Option(help: "Make up a set of this size instead of reading one: books.")
    var synthetic: SyntheticName?

    @Flag(help: "Replace the data set that stands at the output.")
    var force = false

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    /// The made-up sets that there are.
    enum SyntheticName: String, ExpressibleByArgument, CaseIterable {
        /// 1.09 million training samples over 368 thousand items.
        case books
    }

    func validate() throws {
        guard inputs.isEmpty != (synthetic == nil) else {
            throw ValidationError("name inputs, or a --synthetic set, one of the two")
        }
    }

    func run() async throws {
        try await ExitStatus.reporting {
            StopSignals.note()
            let reporter = PreparationReporter()
            do {
                let result = try prepare(reporter)
                reporter.finish()
                print(json ? result.json : result.text)
            } catch DatasetError.interrupted {
                reporter.finish()
                StandardStream.error.writeLine("dien-train: \(DatasetError.interrupted)")
                throw ExitCode(128 + (StopSignals.pending ?? 2))
            }
        }
    }

    private func prepare(_ reporter: PreparationReporter) throws -> PreparationResult {
        let isStopped = { StopSignals.pending != nil }
        if synthetic == .books {
            let description = try SyntheticDataset.write(
                .books, seed: options.seed, to: output, isReplacing: force, report: reporter.show,
                isStopped: isStopped)
            return PreparationResult(path: output, description: description, summary: nil)
        }
        let summary = try Preparation.run(
            inputs: inputs, output: output, options: try options.preparation(isReplacing: force),
            report: reporter.show, isStopped: isStopped)
        return PreparationResult(path: output, description: summary.description, summary: summary)
    }
}

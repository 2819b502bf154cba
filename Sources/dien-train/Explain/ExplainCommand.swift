import ArgumentParser
import Charts
import DIEN
import Datasets
import Foundation
import OfflineEvaluation

/// `dien-train explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which behaviours a score looks at, and how the interest moves.",
        discussion: """
            Prints, for each target, the attention on every behaviour of the history that the model uses and how far \
            each one moved the evolving interest; --svg draws both as in the paper's figure of interest evolution.

            EXAMPLES
              dien-train explain models/dien --history 149,150,7 --target 153 --target 1110
              dien-train explain --registry registry --model sports --history 149,150 --target 153 --svg interest.svg
              dien-train explain models/dien --data data/sports --split test --user 12

            --user is the number of a user's sequence in the data set; the targets are those of its samples. Categories \
            and the like that are not given follow from the vocabulary.
            """)

    @OptionGroup var reference: ModelOptions

    @Option(help: "The behaviours' identifiers, the oldest first, with commas between them.")
    var history: String?

    @Option(help: "A target's identifier; repeat it for more.")
    var target: [String] = []

    @Option(help: "A profile or context feature, NAME=IDENTIFIER; repeat it for more. Unknown if left out.")
    var feature: [String] = []

    @Option(help: "A prepared data set's folder, to take --user from.", completion: .directory)
    var data: String?

    @Option(help: "The split that the user's samples are in.", transform: DatasetSplit.init(argument:))
    var split: DatasetSplit = .test

    @Option(help: "The user of the data set: the number of the sequence, from 0.")
    var user: Int?

    @Option(help: "Draw it into this file.", completion: .file(extensions: ["svg"]))
    var svg: String?

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    func run() async throws {
        try await ExitStatus.reporting {
            let named = try reference.load()
            let explained: ExplainedRequest
            switch (data, user, history) {
            case (let data?, let user?, nil) where target.isEmpty:
                explained = try ExplainedRequest(named, Dataset(path: data), split, user: user)
            case (nil, nil, let history?) where !target.isEmpty:
                explained = try ExplainedRequest(named, history: history, targets: target, features: feature)
            default:
                throw CommandError.options(
                    "give --history and --target, or --data and --user without them")
            }
            if let svg { try write(explained.chart.drawing.document, to: svg) }
            print(json ? try explained.json() : explained.text)
        }
    }

    private func write(_ text: String, to path: String) throws {
        do { try text.write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw CommandError.unwritable(path: path, reason: error.localizedDescription)
        }
    }
}

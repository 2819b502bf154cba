import ArgumentParser
import Datasets
import Experiment
import Foundation
import OfflineEvaluation
import Terminal

/// `dien-registry compare`.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Judge one version against another on a prepared data set or a request log.",
        discussion: """
            Scores every sample of a split with both, and tells whether the second may take the place of the first: AUC \
            with DeLong's paired test, GAUC, log loss, normalized entropy, PCOC and calibration, agreement and drift of \
            the scores, scoring time, segments, and where both differ most. Samples of one user are not independent, so \
            intervals and tests are taken over users.

            The verdict is one of non-inferiority. A check passes when the interval of the paired difference rules a loss \
            beyond the margin out, fails when it leaves nothing else, and holds in between; PASS needs all checks. Kendall's \
            tau is counted over neighbouring samples of one user and one history, as candidates of one request.

            With --requests the candidates of logged requests are scored instead (docs/REQUEST_LOG.md): how near the scores \
            are, by segment, and where they differ most. What became of them comes from --feedback files, in the forms of \
            `dien-registry feedback import`; with that there is a verdict too, over the candidates that were shown.

            EXAMPLES
              dien-registry compare sports@champion sports@challenger --data data/sports
              dien-registry compare sports@champion sports@challenger --requests /var/log/dien --last 20000
              dien-registry compare sports@1 sports@2 --requests requests --feedback clicks.jsonl --html comparison.html
              dien-registry compare sports@1 runs/dien/model --data data/sports --html comparison.html
              dien-registry compare sports@1 sports@2 --data data/sports --require non-inferior && \
            dien-registry promote sports 2

            JSON: {"agreement":…,"disagreements":[…],"drift":…,"evaluation":…,"first":"sports@1","latency":…,"lift":…,\
            "second":"sports@2","verdict":{"checks":[…],"decision":"PASS","meaning":…}}; "evaluation" is what \
            `dien-train evaluate --against --json` prints. With --requests: {"agreement":…,"candidates":…,"compared":…,\
            "disagreements":[…],"drift":…,"latency":…,"outcomes":…,"refused":[…],"repeated":[…],"requests":…,"segments":[…],…}; \
            "outcomes" is the object above, of the candidates that were shown, and missing where nothing is known of any

            EXIT STATUS
              0 compared · 2 usage · 4 a model or the data failed a check, or the verdict is not what --require asks for · \
            5 input or output failed
            """)

    /// What the verdict has to be.
    enum Requirement: String, ExpressibleByArgument, CaseIterable {
        /// Anything but FAIL.
        case notWorse = "not-worse"
        /// PASS.
        case nonInferior = "non-inferior"

        func isMet(by decision: Verdict.Decision) -> Bool {
            switch self {
            case .notWorse: decision != .fail
            case .nonInferior: decision == .pass
            }
        }
    }

    @Argument(help: "What serves now: NAME[@VERSION] by number, alias or tag, or a model folder.")
    var first: String

    @Argument(help: "What is to be judged against it.")
    var second: String

    @Option(help: "The prepared data set's folder.", completion: .directory)
    var data: String?

    @OptionGroup(title: "Request log") var logged: LoggedRequestOptions

    @Option(help: "The split: train, validation or test.", transform: split(argument:))
    var split: DatasetSplit = .test

    @Option(help: "How much AUC and GAUC may fall.")
    var aucMargin = ComparisonMargins().auc

    @Option(help: "How much the log loss may rise, relative.")
    var logLossMargin = ComparisonMargins().logLoss

    @Option(help: "How much further from 1 predicted over observed clicks may be, relative.")
    var calibrationMargin = ComparisonMargins().calibration

    @Option(help: "How many times as long the median scoring time may be.")
    var latencyMargin = ComparisonMargins().latency

    @Option(help: "The confidence of the verdict's intervals.")
    var confidence = ComparisonMargins().confidence

    @Option(
        help: "Exit with 4 unless the verdict is not FAIL (not-worse), or unless it is PASS (non-inferior).")
    var require: Requirement?

    @Option(help: "How many disagreements are told.")
    var disagreements = 5

    @Option(help: "Write a page with charts to this file.", completion: .file(extensions: ["html"]))
    var html: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        let margins = [aucMargin, logLossMargin, calibrationMargin, latencyMargin]
        guard margins.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw ValidationError("margins are numbers from 0 on")
        }
        guard confidence > 0, confidence < 1 else {
            throw ValidationError("a confidence lies between 0 and 1")
        }
        guard (data == nil) != (logged.requests == nil) else {
            throw ValidationError("give --data or --requests, one of them")
        }
        guard (0...100).contains(disagreements) else { throw ValidationError("tell 0 to 100 disagreements") }
    }

    func run() async throws {
        let registry = reading.registry ?? Environment.registry
        var (one, two) = (try NamedModel(first, in: registry), try NamedModel(second, in: registry))
        if one.name == two.name {
            (one.name, two.name) = NamedModel.names(tellingApart: first, second)
        }
        var margins = ComparisonMargins()
        margins.auc = aucMargin
        margins.logLoss = logLossMargin
        margins.calibration = calibrationMargin
        margins.latency = latencyMargin
        margins.confidence = confidence
        let decision: Verdict.Decision?
        if let path = logged.requests {
            let comparison = try await RequestComparison(
                one, two, logged.read(path, of: one), data: Self.lastPart(path), margins: margins,
                disagreements: disagreements, progress: ProgressBar.shared.show(requests:done:total:))
            if let html { try Output.write(comparison.html, to: html) }
            print(reading.json ? try comparison.json() : comparison.text)
            decision = comparison.outcomes?.verdict.decision
        } else {
            let comparison = try await ModelComparison.ofSplit(
                one, two, Dataset(path: data ?? ""), split, data: Self.lastPart(data ?? ""), margins: margins,
                disagreements: disagreements, progress: ProgressBar.shared.show(scores:done:total:))
            if let html { try Output.write(ComparisonPage(comparison).html, to: html) }
            print(reading.json ? try comparison.json() : comparison.text)
            decision = comparison.verdict.decision
        }
        // Where nothing is known there is too little to say anything, and that meets nothing but not-worse.
        if let require, !require.isMet(by: decision ?? .insufficient) {
            throw ExitCode(ExitStatus.verificationRefused.rawValue)
        }
    }

    /// A data set is known by its folder's name; pages travel, and the folders of this machine stay out of them.
    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func split(argument: String) throws -> DatasetSplit {
        guard let split = DatasetSplit(rawValue: argument) else {
            throw ValidationError("the split is train, validation or test, not '\(argument)'")
        }
        return split
    }
}

import DIEN
import Datasets
import OfflineEvaluation

/// An explanation with the names of what it is about.
struct ExplainedRequest {
    /// One target.
    struct Target {
        let name: String
        let explained: Explanation.Candidate
        /// Whether the user clicked it, where a data set tells.
        var isClicked: Bool?
    }

    let model: String
    /// Names of the behaviours that were used, the oldest first.
    let behaviours: [String]
    let targets: [Target]

    init(model: String, behaviours: [String], targets: [Target]) {
        self.model = model
        self.behaviours = behaviours
        self.targets = targets
    }

    /// Identifiers as they were typed: of the first feature of a behaviour and of a target.
    init(_ named: NamedModel, history: String, targets: [String], features: [String]) throws {
        let configuration = named.model.configuration
        let behaviours = history.split(separator: ",").map { String($0.trimming { $0 == " " }) }
        guard let item = configuration.candidates.first, let event = configuration.history.first else {
            throw CommandError.options("\(named.name) has no candidate feature")
        }
        func column(_ feature: ModelConfiguration.Feature, _ texts: [String]) throws -> FeatureColumn {
            let kind = configuration.tables.first { $0.name == feature.table }?.ids ?? .string
            return FeatureColumn(name: feature.name, values: try FeatureColumn.Values(typed: texts, kind))
        }
        var given: [String: String] = [:]
        for text in features {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw CommandError.unreadable(what: "NAME=IDENTIFIER", text: text) }
            given[parts[0]] = parts[1]
        }
        func single(_ features: [ModelConfiguration.Feature]) throws -> [FeatureColumn] {
            try features.map { try column($0, [given.removeValue(forKey: $0.name) ?? "\(UInt64.max)"]) }
        }
        let input = RankingInput(
            profile: try single(configuration.profile), history: [try column(event, behaviours)],
            candidates: [try column(item, targets)], context: try single(configuration.context))
        if let name = given.keys.sorted().first {
            throw CommandError.options("\(named.name) has no profile or context feature '\(name)'")
        }
        let explanation = try named.model.explain(input)
        model = named.name
        self.behaviours = Array(behaviours.suffix(explanation.historyLength))
        self.targets = zip(targets, explanation.candidates).map { Target(name: $0, explained: $1) }
    }

    /// A user of a data set; its targets are those of its samples that share the history of the first.
    init(_ named: NamedModel, _ dataset: Dataset, _ split: DatasetSplit, user: Int) throws {
        let samples = dataset.samples(split)
        let indices = (0..<samples.count).filter { samples.user($0) == user }
        guard let first = indices.first else {
            throw CommandError.noSampleOfUser(user, split: split.rawValue)
        }
        let shown = indices.filter { samples.length($0) == samples.length(first) }
        let scorer = try SplitScorer(named, dataset, split)
        guard let request = scorer.requests(shown).first else {
            throw CommandError.noSampleOfUser(user, split: split.rawValue)
        }
        let names = try DatasetIdentifiers(ofTargetsIn: dataset).names
        let columns = samples.columns([first], maxHistory: named.model.configuration.maxHistory)
        let explained = try named.model.explain(request)
        model = named.name
        behaviours = columns.history.first?.map { names[Int($0)] ?? "unknown" } ?? []
        targets = zip(shown, explained).map { index, candidate in
            Target(
                name: samples.target(index).first.flatMap { names[Int($0)] } ?? "unknown",
                explained: candidate,
                isClicked: samples.label(index) > 0)
        }
    }
}

extension FeatureColumn.Values {
    /// Identifiers as they are typed.
    init(typed texts: [String], _ kind: IDKind) throws {
        guard kind == .uint64 else {
            self = .strings(texts)
            return
        }
        self = .ids(
            try texts.map { text in
                guard let id = UInt64(text) else {
                    throw CommandError.unreadable(
                        what: "an identifier of this model, a 64-bit integer", text: text)
                }
                return id
            })
    }
}

extension StringProtocol {
    /// Without the characters at both ends that are to go.
    func trimming(_ isTrimmed: (Character) -> Bool) -> String {
        String(String(drop(while: isTrimmed).reversed()).drop(while: isTrimmed).reversed())
    }
}

import DIEN
import Training

/// The runs of a sweep: data sets × families × presets × seeds.
struct SweepPlan {
    /// In the order in which they are begun: the seeds of a family vary last, so that a sweep that is stopped early has
    /// something of every family.
    let runs: [TrainingRun]

    init(
        datasets: [String], families: String, presets: String, seeds: String, output: String,
        training: TrainingOptions
    ) throws {
        let architectures =
            families == "all"
            ? ModelConfiguration.Architecture.allCases
            : try Self.list(families, "a family (\(ModelConfiguration.Architecture.names))")
        let wanted: [ModelConfiguration.Preset] = try Self.list(presets, "a preset (paper, reference)")
        let names = datasets.map(TrainingRun.name)
        guard Set(names).count == names.count else {
            throw CommandError.options("two data sets have the same folder name; rename one")
        }
        var runs: [TrainingRun] = []
        for seed in try Self.seeds(seeds) {
            for (dataset, name) in zip(datasets, names) {
                for architecture in architectures {
                    for preset in Self.presets(architecture, wanted) {
                        let folder = "\(name).\(architecture.rawValue).\(preset.rawValue).seed\(seed)"
                        runs.append(
                            TrainingRun(
                                datasetPath: dataset, sizes: training.sizes(architecture, preset),
                                options: training.trainer(seed: seed), output: "\(output)/\(folder)"))
                    }
                }
            }
        }
        self.runs = runs
    }

    /// Those that the architecture has; its own where it has none of them.
    static func presets(
        _ architecture: ModelConfiguration.Architecture, _ wanted: [ModelConfiguration.Preset]
    ) -> [ModelConfiguration.Preset] {
        let found = wanted.filter { architecture.presets.contains($0) }
        return found.isEmpty ? architecture.presets : found
    }

    /// `1-5`, `1,7` or both.
    static func seeds(_ text: String) throws -> [UInt64] {
        var result: [UInt64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
            guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1],
                first <= last, last - first < 1000
            else { throw CommandError.unreadable(what: "a list of seeds such as 1-5", text: text) }
            result += first...last
        }
        guard Set(result).count == result.count else {
            throw CommandError.options("--seeds \(text) names one twice")
        }
        return result
    }

    private static func list<Value: RawRepresentable>(
        _ text: String, _ what: String
    ) throws -> [Value] where Value.RawValue == String {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Value(rawValue: String(part)) else {
                throw CommandError.unreadable(what: what, text: String(part))
            }
            return value
        }
    }
}

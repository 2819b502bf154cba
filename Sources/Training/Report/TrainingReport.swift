public import Charts
public import Experiment

/// What a training has come to, as one page: `report.html`.
///
/// A pure function of its values; the same values give the same bytes.
public struct TrainingReport: Sendable {
    /// The learning curves; x is epochs, the last one perhaps in part.
    public struct Curves: Sendable {
        /// Mean cross entropy of the clicks in training.
        public var targetLoss: [ChartPoint] = []
        /// Mean auxiliary loss; empty where the model has none.
        public var auxiliaryLoss: [ChartPoint] = []
        /// AUC on the split that the selection goes by.
        public var selectionAUC: [ChartPoint] = []
        /// Log loss there.
        public var selectionLogLoss: [ChartPoint] = []
        /// The name of that split.
        public var selectionSplit = "validation"
        /// The epochs after which the kept parameters were reached.
        public var best: Double?

        /// No curves.
        public init() {}
    }

    /// One line of a list of settings or facts.
    public struct Fact: Sendable, Equatable {
        /// What it is.
        public var name: String
        /// What it was.
        public var value: String

        /// A line.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The page's title: model and data set.
    public var title: String
    /// A sentence under it.
    public var lead: String
    /// What was seen on the way.
    public var curves: Curves
    /// The final metrics, each with the name of its split: calibration is drawn for the last one.
    public var results: [(split: String, evaluation: Evaluation)]
    /// How it was configured.
    public var configuration: [Fact]
    /// Data, machine, times, versions.
    public var facts: [Fact]

    /// A report of these parts.
    public init(
        title: String, lead: String, curves: Curves, results: [(split: String, evaluation: Evaluation)],
        configuration: [Fact], facts: [Fact]
    ) {
        self.title = title
        self.lead = lead
        self.curves = curves
        self.results = results
        self.configuration = configuration
        self.facts = facts
    }

    /// The page.
    public var html: String {
        var page = Page(title: title, lead: lead)
        if !results.isEmpty { page.add("Results", EvaluationSection.metrics(results)) }
        page.add("Learning curves", Page.figures(charts))
        if let last = results.last {
            page.add(
                "Calibration on \(last.split)",
                EvaluationSection.calibration(last.evaluation, split: last.split))
        }
        if !configuration.isEmpty { page.add("Configuration", Self.list(configuration)) }
        if !facts.isEmpty { page.add("Facts", Self.list(facts)) }
        return page.html
    }

    private var charts: [Drawing] {
        let mark = curves.best.map { (x: $0, name: "kept") }
        var losses = [LineChart.Series(name: "target", points: curves.targetLoss)]
        if !curves.auxiliaryLoss.isEmpty {
            losses.append(LineChart.Series(name: "auxiliary", points: curves.auxiliaryLoss))
        }
        var charts = [
            LineChart(
                identifier: "loss", title: "Training loss", xName: "epochs", yName: "nats", series: losses,
                mark: mark)
        ]
        let split = curves.selectionSplit
        if !curves.selectionAUC.isEmpty {
            charts.append(
                LineChart(
                    identifier: "auc", title: "AUC on \(split)", xName: "epochs", yName: "AUC",
                    series: [LineChart.Series(name: split, points: curves.selectionAUC)], mark: mark))
        }
        if !curves.selectionLogLoss.isEmpty {
            charts.append(
                LineChart(
                    identifier: "logloss", title: "Log loss on \(split)", xName: "epochs", yName: "nats",
                    series: [LineChart.Series(name: split, points: curves.selectionLogLoss)], mark: mark))
        }
        return charts.map(\.drawing)
    }

    private static func list(_ facts: [Fact]) -> String {
        var table = Table(columns: ["", ""], isNumeric: false)
        for fact in facts { table.add(fact.name, [.text(fact.value)]) }
        return table.html
    }
}

import Tensors
import Testing

@testable import Training

/// Layers over packed histories, against central differences. The histories are of 5, 3, 3, 1 and 0 steps.
struct SequenceLayerTests {
    static let layout = SequenceLayout(lengths: [5, 3, 3, 1, 0])
    static let (samples, rows) = (5, 12)

    enum Cell: CaseIterable { case gru, paper, reference, attention }

    @Test(arguments: Cell.allCases, ["paper", "reference"])
    func `a GRU of any cell passes its slopes back`(cell: Cell, preset: String) throws {
        var fixture = try LayerFixture("augru", preset)
        let sequenceCell: SequenceCell =
            switch cell {
            case .gru: .gru
            case .paper: .attention(.paper)
            case .reference: .attention(.reference)
            case .attention: .attention(.attention)
            }
        let layer = try GRULayer(
            fixture.parameters, fixture.worker, "evolution", inputs: 6, fixture.configuration,
            cell: sequenceCell)
        let x = fixture.input("x", rows: Self.rows, columns: 6)
        let attention = fixture.input("attention", rows: 1, columns: Self.rows)
        let c = fixture.coefficients(rows: Self.rows, columns: 6)
        let packing = Self.layout.packing
        let slopes = Slopes(fixture, cell == .gru ? [x] : [x, attention]) {
            layer.forward(x.value, attention: attention.value, packing)
            layer.gradients.states = c.value.copy()
            layer.backward(x.value, attention: attention.value, packing)
            x.gradient = layer.toInput.copy()
            attention.gradient = layer.gradients.attention.copy()
        }
        slopes.expectDifferences(of: {
            layer.forward(x.value, attention: attention.value, packing)
            return c.dot(layer.activations.states)
        })
    }

    @Test(arguments: ["paper", "reference"])
    func `attention passes its slopes back, bilinear or a network`(preset: String) throws {
        var fixture = try LayerFixture("augru", preset)
        let layer = try AttentionLayer(fixture.parameters, fixture.worker, fixture.configuration)
        let targets = fixture.input("targets", rows: Self.samples, columns: 6)
        let facts = fixture.input("facts", rows: Self.rows, columns: 6)
        let c = fixture.coefficients(rows: 1, columns: Self.rows)
        let packing = Self.layout.packing
        let slopes = Slopes(fixture, [targets, facts]) {
            layer.forward(targets: targets.value, facts: facts.value, packing)
            var gradient = c.value.copy()
            layer.backward(
                &gradient, targets: targets.value, facts: facts.value, toTargets: &targets.gradient,
                toFacts: &facts.gradient, packing)
        }
        slopes.expectDifferences(of: {
            layer.forward(targets: targets.value, facts: facts.value, packing)
            return c.dot(layer.weights)
        })
    }

    @Test(arguments: ["din", "gru_attention", "aigru", "agru", "augru"], ["paper", "reference"])
    func `the interest of a family passes its slopes back`(architecture: String, preset: String) throws {
        if architecture == "din", preset == "paper" { return }  // there is one DIN
        var fixture = try LayerFixture(architecture, preset)
        let interest = try InterestLayers(fixture.parameters, fixture.worker, fixture.configuration)
        let behaviours = fixture.input("behaviours", rows: Self.rows, columns: 6)
        let targets = fixture.input("targets", rows: Self.samples, columns: 6)
        let c = fixture.coefficients(rows: Self.samples, columns: 6)
        let kernels = fixture.worker.kernels
        let vectors = Input("vectors", rows: Self.samples, columns: 6)
        let slopes = Slopes(fixture, [behaviours, targets]) {
            interest.forward(
                behaviours.value, targets: targets.value, into: &vectors.value, Self.layout, kernels)
            interest.extractor?.gradients.states.clear(rows: Self.rows, columns: 6)
            interest.backward(
                c.value, behaviours: behaviours.value, targets: targets.value,
                toBehaviours: &behaviours.gradient, toTargets: &targets.gradient, Self.layout)
        }
        slopes.expectDifferences(of: {
            interest.forward(
                behaviours.value, targets: targets.value, into: &vectors.value, Self.layout, kernels)
            return c.dot(vectors.value)
        })
    }

    @Test(arguments: ["paper", "reference"])
    func `the auxiliary loss passes its slopes back to states, behaviours and negatives`(preset: String)
        throws
    {
        var fixture = try LayerFixture("dien", preset)
        let auxiliary = try AuxiliaryLoss(fixture.parameters, fixture.worker, fixture.configuration)
        let states = fixture.input("states", rows: Self.rows, columns: 6)
        let behaviours = fixture.input("behaviours", rows: Self.rows, columns: 6)
        let negatives = fixture.input("negatives", rows: Self.rows, columns: 6)
        let layout = Self.layout

        /// The loss times 3, with the gradients of `inputs` where `filling`.
        func loss(filling: Bool) -> Double {
            // The state before a row's step is that of the step before.
            var previous = Matrix(rows: Self.rows, columns: 6)
            for t in 1..<layout.counts.count {
                for b in 0..<layout.counts[t] {
                    previous.copyRow(
                        layout.row(t - 1, b), of: states.value, toRow: layout.row(t, b), column: 0)
                }
            }
            let spare = (0..<3).map { _ in Input("spare", rows: Self.rows, columns: 6) }
            let to = filling ? [states, behaviours, negatives] : spare
            return 3
                * auxiliary.differentiate(
                    previous: previous, behaviours: behaviours.value, negatives: negatives.value, factor: 3,
                    toStates: &to[0].gradient, toBehaviours: &to[1].gradient, toNegatives: &to[2].gradient,
                    layout.packing)
        }
        let slopes = Slopes(fixture, [states, behaviours, negatives]) { _ = loss(filling: true) }
        slopes.expectDifferences(of: { loss(filling: false) }, tolerance: 1e-2)
    }

    @Test(arguments: 1...3)
    func `an embedding that a batch uses often gets the sum of its gradients`(workers: Int) throws {
        var fixture = try LayerFixture()
        let parameters = fixture.parameters
        let value = try parameters.table("item", rows: 9, size: 3).value.copy()
        let table = EmbeddingTable(name: "item", value: value, workers: workers)
        let used = [8, 0, 8, 3, 0, 8]
        let c = fixture.coefficients(rows: used.count, columns: 5)
        for _ in 0..<2 {
            table.clearGradient()
            for index in 0..<workers {
                table.backward(used, c.value, column: 2, Worker(kernels: .automatic, index: index))
            }
        }
        #expect(Set(table.touched) == [0, 3, 8] && table.touched.count == 3)
        for (slot, row) in table.touched.enumerated() {
            for j in 0..<3 {
                let sum = used.indices.filter { used[$0] == row }.reduce(Float(0)) { $0 + c.value[$1, 2 + j] }
                #expect(abs(table.gradients[slot * 3 + j] - sum) < 1e-6, "row \(row), column \(j)")
            }
        }
        var vectors = Matrix(rows: used.count, columns: 5)
        table.forward(used, into: &vectors, column: 2, Worker(kernels: .automatic, index: 0))
        for (element, row) in used.enumerated() {
            for j in 0..<3 { #expect(vectors[element, 2 + j] == table.value[row, j]) }
            #expect(vectors[element, 0] == 0 && vectors[element, 1] == 0)
        }
    }
}

import TestSupport
import Tensors
import Testing

@testable import Training

/// Compares the gradients of a layer's parameters and inputs with central differences of its loss.
struct Slopes {
    /// One matrix by whose elements the loss is differentiated.
    private struct Variable {
        let name: String
        let columns: Int
        let gradient: [Float]
        let change: (Int, Float) -> Void
    }

    private let parameters: Parameters
    private var variables: [Variable] = []

    /// Runs the pass that fills the gradients; then those of `inputs` and of all parameters are looked at.
    init(_ fixture: borrowing LayerFixture, _ inputs: [Input], differentiate: () -> Void) {
        parameters = fixture.parameters
        parameters.prepare(fixture.worker.kernels)
        differentiate()
        parameters.collect(fixture.worker.kernels)
        for input in inputs {
            let columns = input.value.columns
            variables.append(
                Variable(name: input.name, columns: columns, gradient: input.gradient.elements()) {
                    index, step in
                    input.value[index / columns, index % columns] += step
                })
        }
        for parameter in parameters.dense {
            let columns = parameter.value.columns
            variables.append(
                Variable(name: parameter.name, columns: columns, gradient: parameter.gradient.elements()) {
                    index, step in
                    parameter.value[index / columns, index % columns] += step
                })
        }
    }

    /// Float has few digits, so the step is long, and differences are judged by the largest gradient of a variable.
    func expectDifferences(of loss: () -> Double, tolerance: Double = 4e-3, kernels: Kernels = .automatic) {
        let step: Float = 1.0 / 128
        for variable in variables {
            let scale = variable.gradient.reduce(0.02) { max($0, abs(Double($1))) }
            // A few elements of a large weight, at a stride that meets all rows and columns.
            for index in stride(
                from: 0, to: variable.gradient.count, by: max(1, variable.gradient.count / 61))
            {
                variable.change(index, step)
                parameters.prepare(kernels)
                let above = loss()
                variable.change(index, -2 * step)
                parameters.prepare(kernels)
                let below = loss()
                variable.change(index, step)
                let slope = (above - below) / Double(2 * step)
                let found = Double(variable.gradient[index])
                #expect(
                    abs(found - slope) <= tolerance * scale,
                    "\(variable.name)[\(index / variable.columns), \(index % variable.columns)]: \(found), slope \(slope)"
                )
            }
        }
        #expect(!variables.isEmpty)
    }
}

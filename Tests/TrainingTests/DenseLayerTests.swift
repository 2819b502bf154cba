import DIEN
import Tensors
import Testing

@testable import Training

/// Layers of one input a row, against central differences.
struct DenseLayerTests {
    @Test func `a dense layer passes its slopes back`() throws {
        var fixture = try LayerFixture()
        let layer = try DenseLayer(fixture.parameters, fixture.worker, "dense", inputs: 7, outputs: 5)
        let x = fixture.input("x", rows: 6, columns: 7)
        let c = fixture.coefficients(rows: 6, columns: 5)
        let slopes = Slopes(fixture, [x]) {
            layer.forward(x.value)
            layer.backward(c.value, input: x.value)
            x.gradient = layer.toInput.copy()
        }
        slopes.expectDifferences(of: {
            layer.forward(x.value)
            return c.dot(layer.output)
        })
    }

    @Test func `a norm passes its slopes back`() throws {
        var fixture = try LayerFixture()
        let layer = try NormLayer(fixture.parameters, fixture.worker, "norm", channels: 7)
        let x = fixture.input("x", rows: 6, columns: 7)
        let c = fixture.coefficients(rows: 6, columns: 7)
        let slopes = Slopes(fixture, [x]) {
            layer.forward(x.value)
            layer.backward(c.value, input: x.value)
            x.gradient = layer.toInput.copy()
        }
        slopes.expectDifferences(of: {
            layer.forward(x.value)
            return c.dot(layer.output)
        })
    }

    @Test func `PReLU passes its slopes back`() throws {
        var fixture = try LayerFixture()
        let layer = PReLULayer(alpha: try fixture.parameters.vector("alpha", 0..<7, of: 7), fixture.worker)
        let x = fixture.input("x", rows: 6, columns: 7)
        let c = fixture.coefficients(rows: 6, columns: 7)
        let slopes = Slopes(fixture, [x]) {
            layer.forward(x.value)
            x.gradient = c.value.copy()
            layer.backward(&x.gradient, input: x.value)
        }
        slopes.expectDifferences(of: {
            layer.forward(x.value)
            return c.dot(layer.output)
        })
    }

    @Test func `Dice passes its slopes back, those by way of the batch's moments too`() throws {
        var fixture = try LayerFixture()
        let alpha = try fixture.parameters.vector("alpha", 0..<7, of: 7)
        let moments = try fixture.parameters.moments("alpha", channels: 7)
        let layer = DiceLayer(alpha: alpha, moments: moments, fixture.worker)
        let x = fixture.input("x", rows: 9, columns: 7)
        let c = fixture.coefficients(rows: 9, columns: 7)
        let slopes = Slopes(fixture, [x]) {
            layer.forward(x.value, .training)
            x.gradient = c.value.copy()
            layer.backward(&x.gradient, input: x.value)
        }
        slopes.expectDifferences(of: {
            layer.forward(x.value, .training)
            return c.dot(layer.output)
        })
    }

    @Test func `in evaluation Dice takes the stored moments, so that a row does not depend on the others`()
        throws
    {
        var fixture = try LayerFixture()
        let alpha = try fixture.parameters.vector("alpha", 0..<7, of: 7)
        let moments = try fixture.parameters.moments("alpha", channels: 7)
        let layer = DiceLayer(alpha: alpha, moments: moments, fixture.worker)
        let x = fixture.input("x", rows: 9, columns: 7)
        layer.forward(x.value, .evaluation)
        let together = layer.output.elements()
        var alone = Matrix(rows: 1, columns: 7)
        alone.copyRow(4, of: x.value, toRow: 0, column: 0)
        layer.forward(alone, .evaluation)
        #expect(layer.output.elements() == Array(together[28..<35]))
    }

    @Test func `the head's input passes the slopes of the product to both its factors`() throws {
        var fixture = try LayerFixture()
        let layer = HeadInputLayer(hasProduct: true, fixture.worker)
        let user = fixture.input("user", rows: 4, columns: 3)
        let targets = fixture.input("targets", rows: 4, columns: 6)
        let sums = fixture.input("sums", rows: 4, columns: 6)
        let interests = fixture.input("interests", rows: 4, columns: 5)
        let c = fixture.coefficients(rows: 4, columns: 26)
        let slopes = Slopes(fixture, [user, targets, sums, interests]) {
            layer.forward(
                user: user.value, targets: targets.value, sums: sums.value, interests: interests.value)
            layer.backward(c.value, user: 3, targets: targets.value, sums: sums.value)
            user.gradient = layer.toUser.copy()
            targets.gradient = layer.toTargets.copy()
            sums.gradient = layer.toSums.copy()
            interests.gradient = layer.toInterests.copy()
        }
        slopes.expectDifferences(of: {
            layer.forward(
                user: user.value, targets: targets.value, sums: sums.value, interests: interests.value)
            return c.dot(layer.output)
        })
    }

    @Test(arguments: ["pnn", "augru"])
    func `a head passes its slopes back`(architecture: String) throws {
        var fixture = try LayerFixture(architecture)
        let head = try HeadLayers(fixture.parameters, fixture.worker, fixture.configuration)
        let x = fixture.input("x", rows: 8, columns: fixture.configuration.headInputSize)
        let c = fixture.coefficients(rows: 8, columns: 2)
        let slopes = Slopes(fixture, [x]) {
            head.forward(x.value, .training)
            head.backward(c.value, inputs: x.value)
            x.gradient = head.toInput.copy()
        }
        slopes.expectDifferences(
            of: {
                head.forward(x.value, .training)
                return c.dot(head.logits)
            }, tolerance: 1e-2)
    }

    @Test func `the wide layer adds its slopes to those of the head's inputs`() throws {
        var fixture = try LayerFixture("wide_deep")
        let wide = try WideLayer(fixture.parameters, fixture.worker, start: 3, width: 6)
        let x = fixture.input("x", rows: 5, columns: 15)
        let c = fixture.coefficients(rows: 5, columns: 2)
        let slopes = Slopes(fixture, [x]) {
            var logits = Matrix(rows: 5, columns: 2)
            wide.add(to: &logits, inputs: x.value)
            wide.backward(c.value, toInputs: &x.gradient)
        }
        slopes.expectDifferences(of: {
            var logits = Matrix(rows: 5, columns: 2)
            wide.add(to: &logits, inputs: x.value)
            return c.dot(logits)
        })
    }
}

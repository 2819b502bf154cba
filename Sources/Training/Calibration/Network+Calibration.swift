internal import DIEN
internal import Experiment
internal import Tensors

extension Network {
    /// Makes every logit l = z0 - z1 into slope · l + intercept, in the last layers, whose sum it is: both logits are
    /// scaled, and the first one is moved. What is served stays a network like any other.
    func calibrate(by scaling: PlattScaling) {
        let head = "head.\(configuration.headHidden.count)"
        let last = ["\(head).weight", "\(head).bias", "wide.weight", "wide.bias"]
        for parameter in parameters.dense where last.contains(parameter.name) {
            for row in 0..<parameter.value.rows {
                for column in 0..<parameter.value.columns {
                    parameter.value[row, column] *= Float(scaling.slope)
                }
            }
            if parameter.name == "\(head).bias" { parameter.value[0, 0] += Float(scaling.intercept) }
        }
    }
}

internal import Tensors

/// σ, whose gradient is taken from its output: dx = dy y (1 - y).
enum SigmoidLayer {
    static func backward(_ gradient: inout Matrix, output: borrowing Matrix) {
        for i in 0..<gradient.rows {
            let y = output.row(i)
            var g = gradient.mutableRow(i)
            for j in 0..<g.count { g[j] *= y[j] * (1 - y[j]) }
        }
    }
}

/// y = x where x > 0, α x elsewhere.
struct PReLULayer {
    let alpha: Parameter

    func forward(_ input: borrowing Matrix) -> Matrix {
        var output = Matrix(rows: input.rows, columns: input.columns)
        for i in 0..<input.rows {
            for j in 0..<input.columns {
                let x = input[i, j]
                output[i, j] = x > 0 ? x : alpha.value[0, j] * x
            }
        }
        return output
    }

    /// dx = dy (x > 0), α dy elsewhere; dα = Σ x dy where x ≤ 0.
    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix) -> Matrix {
        var result = Matrix(rows: input.rows, columns: input.columns)
        for i in 0..<input.rows {
            for j in 0..<input.columns {
                let (x, dy) = (input[i, j], gradient[i, j])
                result[i, j] = x > 0 ? dy : alpha.value[0, j] * dy
                if x <= 0 { alpha.gradient[0, j] += x * dy }
            }
        }
        return result
    }
}

/// Dice with the moments of the batch, which are not detached: with n = (x - μ) / (s + ε), s = √(v + ε), p = σ(n),
/// y = α (1 - p) x + p x, ε = 1e-9.
struct DiceLayer {
    let alpha: Parameter
    private static let epsilon = 1e-9

    /// Mean and s of each channel over the rows of a batch.
    static func moments(_ input: borrowing Matrix) -> (means: [Double], deviations: [Double]) {
        let count = Double(max(input.rows, 1))
        var means = [Double](repeating: 0, count: input.columns)
        var squares = means
        for i in 0..<input.rows {
            for j in 0..<input.columns { means[j] += Double(input[i, j]) / count }
        }
        for i in 0..<input.rows {
            for j in 0..<input.columns {
                let centred = Double(input[i, j]) - means[j]
                squares[j] += centred * centred / count
            }
        }
        return (means, squares.map { ($0 + epsilon).squareRoot() })
    }

    /// σ(n), [rows, channels].
    private static func gates(_ input: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        let (means, deviations) = moments(input)
        var gates = Matrix(rows: input.rows, columns: input.columns)
        for i in 0..<input.rows {
            for j in 0..<input.columns {
                gates[i, j] = Float((Double(input[i, j]) - means[j]) / (deviations[j] + epsilon))
            }
        }
        kernels.sigmoid(&gates)
        return gates
    }

    func forward(_ input: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        var output = Self.gates(input, kernels)
        for i in 0..<input.rows {
            for j in 0..<input.columns {
                let (x, p) = (input[i, j], output[i, j])
                output[i, j] = alpha.value[0, j] * (1 - p) * x + p * x
            }
        }
        return output
    }

    /// dα = Σ (1 - p) x g; dn = g x (1 - α) p (1 - p); ds = -Σ dn (x - μ) / (s + ε)²;
    /// dx = g (α + (1 - α) p) + c - mean c, c = dn / (s + ε) + ds (x - μ) / (B s).
    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        let gates = Self.gates(input, kernels)
        let (means, deviations) = Self.moments(input)
        let count = Double(max(input.rows, 1))
        var result = Matrix(rows: input.rows, columns: input.columns)
        for j in 0..<input.columns {
            let a = Double(alpha.value[0, j])
            let s = deviations[j]
            var (dAlpha, dS) = (0.0, 0.0)
            var dN = [Double](repeating: 0, count: input.rows)
            for i in 0..<input.rows {
                let (x, g, p) = (Double(input[i, j]), Double(gradient[i, j]), Double(gates[i, j]))
                dAlpha += (1 - p) * x * g
                dN[i] = g * x * (1 - a) * p * (1 - p)
                dS -= dN[i] * (x - means[j]) / ((s + Self.epsilon) * (s + Self.epsilon))
            }
            alpha.gradient[0, j] += Float(dAlpha)
            for i in 0..<input.rows {
                dN[i] = dN[i] / (s + Self.epsilon) + dS * (Double(input[i, j]) - means[j]) / (count * s)
            }
            let mean = dN.reduce(0, +) / count
            for i in 0..<input.rows {
                let (g, p) = (Double(gradient[i, j]), Double(gates[i, j]))
                result[i, j] = Float(g * (a + (1 - a) * p) + dN[i] - mean)
            }
        }
        return result
    }
}

import Foundation
import Tensors
import Testing

/// Sigmoid and tanh over all floats there are, against the functions in double precision: the error that the headers and
/// docs/PERFORMANCE.md state, of every instruction set of this machine.
struct ActivationSweepTests {
    /// Every 65,537th float from the smallest to the largest of both signs (a prime, so that mantissas of all kinds come), and
    /// those between -20 and 20 a thousand a unit, where neither function is constant.
    static let grid: [Float] = {
        let all = stride(from: UInt32(0), through: Float.greatestFiniteMagnitude.bitPattern, by: 65_537)
            .map(Float.init(bitPattern:))
        return all + all.map { -$0 } + (-20_000...20_000).map { Float($0) * 1e-3 }
    }()

    static let sigmoids = grid.map { 1 / (1 + exp(-Double($0))) }
    static let tangents = grid.map { Foundation.tanh(Double($0)) }

    /// The worst element that differs by more than 4 units in the last place and by more than 2e-7.
    private func worst(_ found: [Float], _ expected: [Double]) -> (x: Float, found: Float, error: Double)? {
        var worst: (x: Float, found: Float, error: Double)?
        for index in found.indices {
            let error = abs(Double(found[index]) - expected[index])
            // A NaN is neither.
            if error <= 2e-7 || error <= 4 * Double(Float(expected[index]).ulp) { continue }
            if worst == nil || !(error <= worst?.error ?? 0) {
                worst = (Self.grid[index], found[index], error)
            }
        }
        return worst
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `sigmoid is within 4 ulp or 2e-7 of every float`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var values = matrix(Self.grid, rows: 1, columns: Self.grid.count)
        kernels.sigmoid(&values)
        let found = worst(values.elements(), Self.sigmoids)
        #expect(found == nil, "sigmoid(\(found?.x ?? 0)) is \(found?.found ?? 0)")
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `tanh is within 4 ulp or 2e-7 of every float`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var values = matrix(Self.grid, rows: 1, columns: Self.grid.count)
        kernels.tanh(&values)
        let found = worst(values.elements(), Self.tangents)
        #expect(found == nil, "tanh(\(found?.x ?? 0)) is \(found?.found ?? 0)")
    }

    @Test func `the sweep sees an error that is too large`() {
        let place = Self.grid.count - 100
        var values = Self.sigmoids.map { Float($0) }
        #expect(worst(values, Self.sigmoids) == nil)
        // Four units in the last place of 1 are 4.8e-7.
        values[place] += 1e-6
        #expect(worst(values, Self.sigmoids)?.x == Self.grid[place])
        values[place] = .nan
        #expect(worst(values, Self.sigmoids)?.x == Self.grid[place])
    }
}

internal import Crypto

/// PlanOut's 60-bit hash and the choices that its operators make of it.
public struct PlanOutHash: Sendable, Equatable {
    /// The first 15 hexadecimal digits of SHA-1, as a number.
    public let value: UInt64

    /// The hash of a parameter's salt (`experiment.parameter`) and a unit.
    public init(salt: String, unit: String) {
        self.init(Array("\(salt).\(unit)".utf8))
    }

    init(_ bytes: [UInt8]) {
        value = Insecure.SHA1.hash(data: bytes).leadingUInt64 >> 4
    }

    /// What PlanOut compares probabilities with: `value` / (16^15 − 1), in [0, 1]. PlanOut divides by that number as a
    /// double, which is 16^15.
    public var uniform: Double { Double(value) * 0x1p-60 }

    /// `uniform`, kept below 1: the topmost values round to 1, which no half-open range would hold.
    var position: Double { min(uniform, 1.0.nextDown) }

    /// The choice of `UniformChoice` among `count` > 0 equally likely ones, and of `RandomInteger` counted from 0.
    public func choice(of count: Int) -> Int {
        Int(value % UInt64(count))
    }
}

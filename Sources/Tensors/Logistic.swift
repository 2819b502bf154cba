internal import CKernels

/// The logistic function and its integral of one double, for losses, which are few and want every digit.
public enum Logistic {
    /// 1 / (1 + e^-x).
    public static func sigmoid(_ x: Double) -> Double { kernel_sigmoid_double(x) }

    /// log(1 + e^x) = -log(1 - σ(x)), without overflow.
    public static func softplus(_ x: Double) -> Double { kernel_softplus_double(x) }
}

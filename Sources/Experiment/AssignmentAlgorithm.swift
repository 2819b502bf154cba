/// How a salt and a unit become a position in [0, 1). Every algorithm is a pure function, so a unit's place is the same
/// on every replica and after every restart, with nothing stored.
///
/// Salts and units are hashed as their UTF-8 bytes. GrowthBook's SDKs hash code units of their own language instead, so
/// for units outside ASCII they differ among themselves, and only some agree with these bytes.
public enum AssignmentAlgorithm: String, Sendable, CaseIterable {
    /// The default: SHA-256 of salt, one zero byte, unit; the first 8 bytes big-endian, of which the top 53 bits divided
    /// by 2^53. Every position is an exact `Double`, and no salt and unit collide with another pair by concatenation
    /// as long as salts hold no zero byte.
    case sha256 = "sha256"
    /// GrowthBook's hash version 2: 10,000 buckets of FNV-1a over the decimal text of FNV-1a over salt + unit.
    case growthBookV2 = "growthbook-v2"
    /// GrowthBook's hash version 1: 1,000 buckets of FNV-1a over unit + salt. Experiments that differ in their salt only
    /// stay correlated, see `isLegacy`.
    case growthBookV1 = "growthbook-v1"
    /// PlanOut's uniform: the first 15 hexadecimal digits of SHA-1 over salt.unit, divided by 16^15 − 1. PlanOut's own
    /// salt is `experiment.parameter`.
    case planOut = "planout"
    /// Optimizely's bucket of 10,000: MurmurHash3 (32 bits, seed 1) over unit + salt. Its own salt is the experiment's
    /// or group's id.
    case optimizely = "optimizely"
    /// Statsig's bucket of 10,000: the first 8 bytes of SHA-256 over salt.unit, big-endian, modulo 10,000. Its own salt
    /// is `configuration salt.rule salt`.
    case statsig = "statsig"

    /// Whether the algorithm is there only to go on with experiments that were begun elsewhere: its assignments to
    /// different experiments are correlated, so nothing new should use it.
    public var isLegacy: Bool { self == .growthBookV1 }
}

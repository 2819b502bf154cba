import Messages

extension StatusReport.Document {
    /// An experiment by the names of models.proto.
    struct Split: Encodable {
        let experiment, algorithm: String
        let coverage: UInt32
        let arms: [Arm]
        let enrolled, overridden, notEnrolled, unassigned, fallbacks: UInt64

        struct Arm: Encodable {
            let name: String
            let version, servingVersion: UInt64
            let weight: UInt32

            enum CodingKeys: String, CodingKey {
                case name, version, weight
                case servingVersion = "serving_version"
            }
        }

        init(_ split: TrafficSplit) {
            (experiment, algorithm, coverage) = (split.experiment, split.algorithm, split.coverage)
            arms = split.arms.map { arm in
                Arm(
                    name: arm.name, version: arm.version, servingVersion: arm.servingVersion,
                    weight: arm.weight)
            }
            (enrolled, overridden, notEnrolled) = (split.enrolled, split.overridden, split.notEnrolled)
            (unassigned, fallbacks) = (split.unassigned, split.fallbacks)
        }

        enum CodingKeys: String, CodingKey {
            case experiment, algorithm, coverage, arms, enrolled, overridden, unassigned, fallbacks
            case notEnrolled = "not_enrolled"
        }
    }
}

import Messages

/// What every answer of dien.v1.Ranking has, in JSON by the names of ranking.proto.
enum AnswerDocument {
    struct ServedBy: Encodable {
        let model: String
        let version: UInt64
        let digest, arm, assignedArm, experiment: String
        let registryEpoch: UInt64

        init(_ by: Messages.ServedBy) {
            model = by.model
            version = by.version
            digest = by.digest
            arm = by.arm
            assignedArm = by.assignedArm
            experiment = by.experiment
            registryEpoch = by.registryEpoch
        }

        enum CodingKeys: String, CodingKey {
            case model, version, digest, arm, experiment
            case assignedArm = "assigned_arm"
            case registryEpoch = "registry_epoch"
        }
    }

    struct Unknown: Encodable {
        let role, feature: String
        let count: UInt32

        init(_ unknown: UnknownIDs) {
            (role, feature, count) = (unknown.role, unknown.feature, unknown.count)
        }
    }
}

extension ServedBy {
    /// Who answered, in one line.
    var line: String {
        "\(model) version \(version) (\(shortDigest(digest))), arm \(arm), epoch \(registryEpoch)"
    }

    /// What the experiment made of the request; nothing outside experiments.
    var experimentLines: [String] {
        guard !experiment.isEmpty else { return [] }
        return [
            "experiment \(experiment): \(assignedArm.isEmpty ? "not enrolled" : "assigned to \(assignedArm)")"
        ]
    }
}

extension [UnknownIDs] {
    /// How many ids the model does not know, by column; nothing where it knows all.
    var lines: [String] {
        guard !isEmpty else { return [] }
        return ["unknown ids: " + map { "\($0.count) in \($0.role).\($0.feature)" }.joined(separator: ", ")]
    }
}

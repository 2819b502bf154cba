public import DIEN
public import Datasets
internal import Tensors

/// What a model of a data set's features is made of.
public struct ModelSizes: Sendable, Equatable {
    /// The family of model.
    public var architecture = ModelConfiguration.Architecture.dien
    /// Whose equations; nil: the paper's, where the architecture has them.
    public var preset: ModelConfiguration.Preset?
    /// Width of one embedding.
    public var embedding = 18
    /// Width of a GRU's state; nil: that of a behaviour, which preset paper's auxiliary loss needs.
    public var hidden: Int?
    /// Hidden widths of the attention network.
    public var attentionHidden = [80, 40]
    /// Hidden widths of the head.
    public var headHidden = [200, 80]
    /// Behaviours that are used.
    public var maxHistory = 100

    /// The sizes of the authors' program.
    public init() {}

    /// The preset that is meant: that of the architecture where it has but one.
    public var effectivePreset: ModelConfiguration.Preset {
        preset ?? (architecture.presets.contains(.paper) ? .paper : .reference)
    }

    /// The configuration of such a model for the tables and features of a data set.
    public func configuration(of description: DatasetDescription) throws(TrainingError) -> ModelConfiguration
    {
        let preset = effectivePreset
        var members: [(String, JSONValue)] = [
            ("format", .string(ModelConfiguration.format)), ("architecture", .string(architecture.rawValue)),
            ("preset", .string(preset.rawValue)), ("embedding_dim", .integer(embedding)),
        ]
        if architecture.isRecurrent {
            members.append(("hidden_size", .integer(hidden ?? embedding * description.candidates.count)))
        }
        if architecture == .din || architecture.isRecurrent && preset == .reference {
            members.append(("attention_hidden", .integers(attentionHidden)))
        }
        members += [
            ("head_hidden", .integers(headHidden)), ("max_history", .integer(maxHistory)),
            ("tables", description.tablesJSON), ("features", description.featuresJSON),
        ]
        let text = JSONValue.members(members).serialised
        do { return try ModelConfiguration(parsing: Array(text.utf8)) } catch { throw .invalidModel(error) }
    }
}

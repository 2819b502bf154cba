/// Why no version answers for what a request names.
enum RoutingError: Error, Equatable, CustomStringConvertible {
    /// No model is named, and there is not exactly one.
    case missingModel(known: [String])
    /// The registry has no model of this name.
    case unknownModel(String, known: [String])
    /// The model has no version of this number.
    case unknownVersion(model: String, version: UInt64, known: [UInt64])
    /// The model has no such alias.
    case unknownAlias(model: String, alias: String, known: [String])
    /// Both were given, and they may disagree.
    case versionAndAlias(model: String, version: UInt64, alias: String)
    /// The version exists, but no alias asks this replica to load it.
    case notLoaded(model: String, version: UInt64)
    /// The version failed a check when it was loaded.
    case refused(model: String, version: UInt64, reason: String)

    /// One line that names the thing and the mend.
    var description: String {
        switch self {
        case .missingModel(let known):
            "model.name: name a model; the registry has \(Self.list(known))"
        case .unknownModel(let name, let known):
            "model.name: no model '\(name)' in the registry; it has \(Self.list(known))"
        case .unknownVersion(let model, let version, let known):
            "model.version: model '\(model)' has no version \(version); it has \(Self.list(known.map(String.init)))"
        case .unknownAlias(let model, let alias, let known):
            "model.alias: model '\(model)' has no alias '\(alias)'; it has \(Self.list(known))"
        case .versionAndAlias(let model, let version, let alias):
            "model: version \(version) and alias '\(alias)' of model '\(model)' are both set; set one of them"
        case .notLoaded(let model, let version):
            "version \(version) of model '\(model)' is not loaded here; give it an alias with dien-registry promote"
        case .refused(let model, let version, let reason):
            "version \(version) of model '\(model)' was refused: \(reason)"
        }
    }

    /// The first few names of a list that may be long.
    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}

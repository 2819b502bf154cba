import Logging

extension ServingTable {
    /// Which version each alias of each model is answered by, for the log.
    var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        for (name, model) in models {
            for (alias, target) in model.aliases {
                let serving = target.servable.map { "\($0.version)" } ?? "none"
                metadata["\(name).\(alias)"] = "\(serving)"
            }
        }
        return metadata
    }
}

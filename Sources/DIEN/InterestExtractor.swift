internal import Tensors

/// The interest extractor layer (arXiv 1809.03672, "Interest Extractor Layer"): a GRU over the behaviours, whose state
/// at step t is the user's interest h_t.
final class InterestExtractor: Sendable {
    let gru: GRU

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        gru = try GRU(&parameters, prefix: "extractor", inputs: configuration.itemSize, configuration)
    }
}

extension ModelConfiguration {
    /// The families of model that can be served: those that the paper compares (arXiv 1809.03672, Tables 2 and 4).
    public enum Architecture: String, Sendable, CaseIterable {
        /// Embeddings and the sum of the history, into the head.
        case base
        /// The base model beside a linear one.
        case wideDeep = "wide_deep"
        /// The base model with the product of target and history sum.
        case pnn
        /// Attention of the target on the behaviours, whose weighted sum is the interest.
        case din
        /// Two GRUs, and attention on the states of the second.
        case gruAttention = "gru_attention"
        /// A second GRU whose inputs are scaled by attention.
        case aigru
        /// A second GRU whose update gate is the attention.
        case agru
        /// A second GRU whose update gate is scaled by attention.
        case augru
        /// AUGRU, trained with the auxiliary loss as well.
        case dien

        /// Whether a GRU extracts the interests from the behaviours.
        public var isRecurrent: Bool {
            switch self {
            case .base, .wideDeep, .pnn, .din: false
            case .gruAttention, .aigru, .agru, .augru, .dien: true
            }
        }

        /// Whether the head sees the product of target and history sum.
        public var hasProduct: Bool { self != .base && self != .wideDeep }

        /// Whether the head's activation is PReLU; Dice otherwise.
        public var hasPReLU: Bool { self == .base || self == .wideDeep || self == .pnn }

        /// The presets it has: without a GRU the paper and the authors' program do not differ, and it is `reference`.
        public var presets: [Preset] { isRecurrent ? [.paper, .reference] : [.reference] }

        /// Whether its attention is the network of the authors' program.
        func hasAttentionNetwork(_ preset: Preset) -> Bool {
            self == .din || isRecurrent && preset == .reference
        }
    }

    /// Whether a layer runs once a candidate and step: the attention network, or a second GRU that attention leads. These
    /// take nearly all of the time, and are what a ``precision`` below float32 is for; all other layers are float32 in any.
    public var hasStepLayers: Bool {
        architecture.hasAttentionNetwork(preset) || architecture.isRecurrent && architecture != .gruAttention
    }

    /// Width of the history's part of a candidate: H of a last or pooled state, D of pooled behaviours, 0 without either.
    public var interestSize: Int {
        if architecture.isRecurrent { return hiddenSize }
        return architecture == .din ? itemSize : 0
    }

    /// Width of the head's input: profile, context, target, history sum, target · sum, interest.
    public var headInputSize: Int {
        (profile.count + context.count) * embeddingSize + (architecture.hasProduct ? 3 : 2) * itemSize
            + interestSize
    }
}

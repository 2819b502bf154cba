public import DIEN
public import Messages

extension RankingInput {
    /// The features of a request as the model takes them. The values are shared, not copied.
    public init(_ request: RankRequest) {
        self.init(
            profile: Array(request.profile), history: Array(request.history),
            candidates: Array(request.candidates), context: Array(request.context))
    }
}

extension [DIEN.FeatureColumn] {
    /// The columns of one role.
    public init(_ columns: [Messages.FeatureColumn]) {
        self = columns.map { column in
            switch column.values {
            case .ids(let ids): DIEN.FeatureColumn(name: column.name, values: .ids(ids))
            case .strings(let strings): DIEN.FeatureColumn(name: column.name, values: .strings(strings))
            }
        }
    }
}

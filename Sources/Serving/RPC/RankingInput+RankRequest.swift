import DIEN
import Messages

extension RankingInput {
    /// The features of a request as the model takes them. The values are shared, not copied.
    init(_ request: RankRequest) {
        func columns(_ columns: [Messages.FeatureColumn]) -> [DIEN.FeatureColumn] {
            columns.map { column in
                switch column.values {
                case .ids(let ids): DIEN.FeatureColumn(name: column.name, values: .ids(ids))
                case .strings(let strings): DIEN.FeatureColumn(name: column.name, values: .strings(strings))
                }
            }
        }
        self.init(
            profile: columns(request.profile), history: columns(request.history),
            candidates: columns(request.candidates), context: columns(request.context))
    }
}

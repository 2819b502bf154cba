import DIEN
import Tensors

extension RankingInput {
    /// A request in the form of golden.jsonl, with ids.
    init(_ json: JSONValue) {
        func columns(_ role: String) -> [FeatureColumn] {
            (json[role]?.members ?? []).map { member in
                FeatureColumn(
                    name: member.key, values: .ids(member.value.elements?.compactMap(\.unsignedInteger) ?? []))
            }
        }
        self.init(
            profile: columns("profile"), history: columns("history"), candidates: columns("candidates"),
            context: columns("context"))
    }

    /// The same user with a part of the candidates.
    func with(candidates range: Range<Int>) -> RankingInput {
        RankingInput(
            profile: profile, history: history,
            candidates: candidates.map { column in
                guard case .ids(let ids) = column.values else { return column }
                return FeatureColumn(name: column.name, values: .ids(Array(ids[range])))
            }, context: context)
    }
}

extension FeatureColumn.Values {
    var count: Int {
        switch self {
        case .ids(let ids): ids.count
        case .strings(let strings): strings.count
        }
    }
}

extension JSONValue {
    /// The member of that name, of an object.
    subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }
}

import DIEN
import Tensors

extension RankingInput {
    /// A request in the form of golden.jsonl, with ids.
    init(_ json: JSONValue) {
        func columns(_ role: String) -> [FeatureColumn] {
            (json[role]?.members ?? []).map { member in
                FeatureColumn(
                    name: member.key, values: .ids(member.value.elements?.compactMap(\.unsignedInteger) ?? [])
                )
            }
        }
        self.init(
            profile: columns("profile"), history: columns("history"), candidates: columns("candidates"),
            context: columns("context"))
    }

    /// The same user with a part of the candidates.
    func with(candidates range: Range<Int>) -> RankingInput {
        RankingInput(
            profile: profile, history: history, candidates: candidates.map { $0.part(range) },
            context: context)
    }

    /// The same request with a part of the history.
    func withHistory(_ range: Range<Int>) -> RankingInput {
        RankingInput(
            profile: profile, history: history.map { $0.part(range) }, candidates: candidates,
            context: context)
    }
}

extension FeatureColumn {
    fileprivate func part(_ range: Range<Int>) -> FeatureColumn {
        guard case .ids(let ids) = values else { return self }
        return FeatureColumn(name: name, values: .ids(Array(ids[range])))
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

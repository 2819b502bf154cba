internal import Tensors

/// One line of golden.jsonl: a request, and the probabilities that the trainer's program gave.
struct GoldenRequest: Sendable {
    /// Counted from 1.
    let line: Int
    let input: RankingInput
    let probabilities: [Float]

    private static let lineLimit = 1024

    /// 1 to 1024 requests, one a line.
    static func lines(of bytes: [UInt8]) throws(ModelError) -> [GoldenRequest] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let last = lines.last?.isEmpty == true ? lines.count - 1 : lines.count
        guard (1...lineLimit).contains(last) else {
            throw .invalidGolden(line: last, reason: "1 to \(lineLimit) requests are needed, found \(last)")
        }
        var requests: [GoldenRequest] = []
        for (index, line) in lines.prefix(last).enumerated() {
            requests.append(try GoldenRequest(line: index + 1, Array(line)))
        }
        return requests
    }

    private init(line: Int, _ bytes: [UInt8]) throws(ModelError) {
        func invalid(_ reason: String) -> ModelError { .invalidGolden(line: line, reason: reason) }
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch { throw invalid(error.description) }
        guard let members = document.members else { throw invalid("has to be an object") }
        var input = RankingInput()
        var probabilities: [Float]?
        for member in members {
            switch FeatureRole(rawValue: member.key) {
            case .profile: input.profile = try Self.columns(member, line)
            case .history: input.history = try Self.columns(member, line)
            case .candidates: input.candidates = try Self.columns(member, line)
            case .context: input.context = try Self.columns(member, line)
            case nil:
                guard member.key == "probabilities" else { throw invalid("unknown field \"\(member.key)\"") }
                probabilities = Self.probabilities(member.value)
            }
        }
        guard let probabilities, probabilities.count == input.candidates.first?.values.count else {
            throw invalid("\"probabilities\" has to be a list of numbers in 0...1, one a candidate")
        }
        self.line = line
        self.input = input
        self.probabilities = probabilities
    }

    private static func columns(
        _ role: JSONValue.Member, _ line: Int
    ) throws(ModelError) -> [FeatureColumn] {
        guard let members = role.value.members else {
            throw .invalidGolden(line: line, reason: "\"\(role.key)\" has to be an object of lists")
        }
        var columns: [FeatureColumn] = []
        for member in members {
            guard let values = values(member.value) else {
                throw .invalidGolden(
                    line: line,
                    reason: "\(role.key).\(member.key) has to be a list of 64-bit integers or of strings")
            }
            columns.append(FeatureColumn(name: member.key, values: values))
        }
        return columns
    }

    private static func values(_ value: JSONValue) -> FeatureColumn.Values? {
        guard let elements = value.elements else { return nil }
        let ids = elements.compactMap(\.unsignedInteger)
        if ids.count == elements.count { return .ids(ids) }
        let strings = elements.compactMap(\.text)
        return strings.count == elements.count ? .strings(strings) : nil
    }

    private static func probabilities(_ value: JSONValue) -> [Float]? {
        guard let elements = value.elements else { return nil }
        let numbers = elements.compactMap(\.double).filter { (0...1).contains($0) }
        return numbers.count == elements.count ? numbers.map { Float($0) } : nil
    }
}

import DIEN
import Testing

/// A caller's mistakes, each named by its field.
struct InputErrorTests {
    private let model: Model

    init() throws { model = try Model(files: GoldenCase("dien.paper").folder()) }

    private func refusal(_ change: (inout RankingInput) -> Void) -> ScoringError? {
        var input = RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([1]))],
            history: [FeatureColumn(name: "item", values: .ids([1, 2]))],
            candidates: [FeatureColumn(name: "item", values: .ids([3, 4]))])
        change(&input)
        do {
            _ = try model.score(input)
            return nil
        } catch { return error }
    }

    @Test func `the untouched request is scored`() {
        #expect(refusal { _ in } == nil)
    }

    @Test func `no candidates`() {
        #expect(refusal { $0.candidates = [] } == .noCandidates)
        #expect(refusal { $0.candidates[0].values = .ids([]) } == .noCandidates)
    }

    @Test func `columns of different lengths`() {
        let category = FeatureColumn(name: "category", values: .ids([1]))
        #expect(
            refusal { $0.candidates.append(category) }
                == .unequalColumns(field: "candidates.category", count: 1, expected: 2))
        #expect(
            refusal { $0.history.append(category) }
                == .unequalColumns(field: "history.category", count: 1, expected: 2))
    }

    @Test func `a feature that the model does not have`() {
        let extra = FeatureColumn(name: "hour", values: .ids([1]))
        #expect(refusal { $0.context = [extra] } == .unknownFeature(field: "context.hour"))
        #expect(refusal { $0.profile.append(extra) } == .unknownFeature(field: "profile.hour"))
    }

    @Test func `a feature given twice`() {
        #expect(refusal { $0.candidates += $0.candidates } == .duplicateFeature(field: "candidates.item"))
    }

    @Test func `a feature that is needed and not given`() {
        #expect(refusal { $0.profile = [] } == .missingFeature(field: "profile.user"))
        let category = FeatureColumn(name: "category", values: .ids([1, 2]))
        #expect(refusal { $0.candidates = [category] } == .missingFeature(field: "candidates.item"))
        #expect(refusal { $0.history = [category] } == .missingFeature(field: "history.item"))
    }

    @Test func `strings where identifiers are integers`() {
        #expect(
            refusal { $0.candidates[0].values = .strings(["a", "b"]) }
                == .wrongIDKind(field: "candidates.item", expected: .uint64))
    }

    @Test func `a profile feature with more or less than one value`() {
        #expect(
            refusal { $0.profile[0].values = .ids([1, 2]) } == .wrongCount(field: "profile.user", count: 2))
        #expect(refusal { $0.profile[0].values = .ids([]) } == .wrongCount(field: "profile.user", count: 0))
    }

    @Test func `every error says what field and what to do`() {
        #expect(ScoringError.noCandidates.description.contains("candidates"))
        let error = ScoringError.wrongIDKind(field: "candidates.item", expected: .string)
        #expect(error.description == "candidates.item: the model's identifiers are strings")
    }
}

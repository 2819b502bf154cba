import ModelRegistry
import Testing

@Suite struct ShadowTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b", alias: "challenger")  // epoch 3
    }

    private func shadow(
        _ target: VersionReference, _ rate: UInt32, expectEpoch: UInt64? = nil,
        verifier: @escaping VersionVerifier = accept
    ) throws -> Commit {
        try bench.registry.shadow(
            .init(target: target, rate: rate), of: "sports", expectEpoch: expectEpoch, note: note("shadow"),
            verifier: verifier)
    }

    private var stored: RegisteredShadow? {
        get throws { try Registry(openingAt: bench.path).currentState().models["sports"]?.shadow }
    }

    @Test func `a shadow is set, changed and put out, each in one epoch`() throws {
        #expect(try shadow(.alias("challenger"), 500).state.epoch == 4)
        #expect(try stored == RegisteredShadow(target: .alias("challenger"), rate: 500))
        #expect(try !shadow(.alias("challenger"), 500).isNew)
        #expect(try shadow(.version(2), 10_000).state.epoch == 5)
        #expect(try stored == RegisteredShadow(target: .version(2), rate: 10_000))
        #expect(try bench.registry.shadow(nil, of: "sports", note: note("shadow"), verifier: accept).isNew)
        #expect(try stored == nil)
        #expect(try !bench.registry.shadow(nil, of: "sports", note: note("shadow"), verifier: accept).isNew)
    }

    @Test(arguments: [UInt32(0), 10_001])
    func `a rate outside 1 to 10,000 is refused`(rate: UInt32) throws {
        let reason = "the shadow's rate \(rate) is outside 1 to 10000"
        #expect(throws: RegistryError.split(.invalid(reason: reason), model: "sports")) {
            _ = try shadow(.version(2), rate)
        }
    }

    @Test func `a version is verified before it shadows, and not again when the rate changes`() throws {
        struct Refusal: Error {}
        #expect(throws: RegistryError.self) {
            _ = try shadow(.version(2), 100, verifier: { _ in throw Refusal() })
        }
        #expect(try stored == nil)
        _ = try shadow(.version(2), 100)
        _ = try shadow(.version(2), 200, verifier: { _ in Issue.record("verified again") })
    }

    @Test func `a version that is missing and an epoch that moved are refused`() throws {
        #expect(throws: RegistryError.unknownVersion(3, model: "sports", known: [1, 2])) {
            _ = try shadow(.version(3), 100)
        }
        #expect(throws: RegistryError.epochMoved(expected: 2, found: 3)) {
            _ = try shadow(.version(2), 100, expectEpoch: 2)
        }
    }
}

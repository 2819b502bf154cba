import Foundation
import ModelRegistry
import Testing

/// The spelling of splits and shadows in a state file.
@Suite struct SplitFormatTests {
    let bench: TemporaryRegistry

    init() throws {
        bench = try TemporaryRegistry()
        try bench.push("a", alias: "champion")
        try bench.push("b")
        _ = try bench.registry.startSplit(
            RegisteredSplit(
                salt: "old.salt", unit: "device_id", algorithm: .planOut,
                arms: [.init(name: "x", target: .version(2))], coverage: 1), of: "sports",
            note: note("split start"), verifier: accept)
        _ = try bench.registry.startSplit(
            RegisteredSplit(
                salt: "s1", unit: "user_id", algorithm: .growthBookV2,
                arms: [
                    .init(name: "candidate", target: .version(2), weight: 5, allow: ["zoë", "ann", "bob"]),
                    .init(name: "control", target: .alias("champion"), weight: 5),
                ], coverage: 200, control: "control", layer: .init(name: "home", first: 10, end: 5_000),
                isHeld: true), of: "sports", replacing: true, note: note("split start"), verifier: accept)
        _ = try bench.registry.shadow(
            .init(target: .alias("champion"), rate: 500), of: "sports", note: note("shadow"), verifier: accept
        )
    }

    private var state: String {
        get throws { try String(decoding: bytes(of: bench.statePath(6)), as: UTF8.self) }
    }

    @Test func `a state spells them as registry README says`() throws {
        let expected = #"""
            "retiredSalts":["old.salt"],"shadow":{"alias":"champion","rate":500},"split":{"algorithm":"growthbook-v2",\#
            "arms":[{"allow":["ann","bob","zoë"],"name":"candidate","version":2,"weight":5},\#
            {"alias":"champion","name":"control","weight":5}],"control":"control","coverage":200,"held":true,\#
            "layer":{"end":5000,"first":10,"name":"home"},"salt":"s1","unit":"user_id"},"versions":
            """#
        #expect(try state.contains(expected))
    }

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `the algorithms are those that registry README defines`() throws {
        let text = try String(
            contentsOf: Self.repository.appending(path: "registry/README.md"), encoding: .utf8)
        let table = try #require(text.components(separatedBy: "| algorithm | position").dropFirst().first)
        let names = table.split(separator: "\n").prefix { $0.contains("|") }.compactMap { row in
            row.hasPrefix("| `") ? row.split(separator: "`")[1] : nil
        }
        #expect(names.map(String.init) == RegisteredSplit.Algorithm.allCases.map(\.rawValue))
    }

    /// The quick start's registry was written before there were splits; its first epochs never change.
    @Test func `states from before splits are read, and say nothing about them`() throws {
        let registry = try Registry(openingAt: Self.repository.path + "/registry")
        for epoch in UInt64(1)...3 {
            let state = try registry.state(epoch: epoch)
            #expect(state.epoch == epoch)
            #expect(
                state.models.values.allSatisfy {
                    $0.split == nil && $0.shadow == nil && $0.retiredSalts.isEmpty
                })
        }
    }

    /// Reading compares a state's bytes with its canonical form, so this is a test of old bytes too.
    @Test func `a model without split and shadow has the bytes it had before`() throws {
        let plain = try TemporaryRegistry()
        try plain.push("a", alias: "champion")
        let text = try String(decoding: bytes(of: plain.statePath(2)), as: UTF8.self)
        #expect(text.contains(#""sports":{"aliases":{"champion":1},"versions":{"1":"#))
    }

    @Test(arguments: [
        (#""coverage":200"#, #""coverage":10001"#, "the coverage 10001 is above 10000"),
        (#""coverage":200"#, #""coverage":-1"#, "not valid JSON"),
        (#""coverage":200"#, #""coverage":0.02"#, "not valid JSON"),
        (#""coverage":200,"#, "", "'coverage' is missing"),
        (#""held":true"#, #""held":false"#, "not in canonical form"),
        (#""control":"control""#, #""control":"candidate""#, "does not serve the alias 'champion'"),
        (#""control":"control""#, #""control":"nobody""#, "no arm is named 'nobody'"),
        (#""name":"control","weight":5"#, #""name":"control","weight":6"#, "differs in weight"),
        (#""version":2,"weight":5"#, #""version":2,"weight":0"#, "outside 1 to 1000000"),
        (#""version":2,"weight":5"#, #""version":9,"weight":5"#, "names 9, which is missing"),
        (#""version":2,"weight":5"#, #""alias":"x","weight":5"#, "names x, which is missing"),
        (#""version":2,"weight":5"#, #""weight":5"#, "one of 'alias' and 'version'"),
        (
            #""version":2,"weight":5"#, #""alias":"champion","version":2,"weight":5"#,
            "one of 'alias' and 'version'"
        ),
        (#""name":"candidate""#, #""name":"control""#, "two arms are named 'control'"),
        (#""name":"candidate""#, #""name":"../x""#, "the arm name '../x' is not allowed"),
        (#"["ann","bob","zoë"]"#, #"["bob","ann","zoë"]"#, "are not ascending"),
        (#"["ann","bob","zoë"]"#, #"["ann","ann","zoë"]"#, "are not ascending"),
        (#"["ann","bob","zoë"]"#, #"["","ann"]"#, "an allowed unit is not one line"),
        (#"["ann","bob","zoë"]"#, "[]", "not in canonical form"),
        (#""first":10"#, #""first":5000"#, "the segments of layer 'home'"),
        (#""end":5000"#, #""end":10001"#, "the segments of layer 'home'"),
        (#""name":"home""#, #""name":"Home""#, "the layer name 'Home' is not allowed"),
        (#""end":5000"#, #""end":5000,"step":2"#, "unknown key 'step'"),
        (#""salt":"s1""#, #""salt":"""#, "the salt is not one line"),
        (#""salt":"s1""#, #""salt":"a\u0000b""#, "the salt is not one line"),
        (#""unit":"user_id""#, #""unit":"""#, "the unit's name is not one line"),
        ("growthbook-v2", "growthbook-v3", "growthbook-v3"),
        (#""algorithm":"#, #""seed":1,"algorithm":"#, "unknown key 'seed'"),
        (#""rate":500"#, #""rate":0"#, "the shadow's rate 0"),
        (#""shadow":{"alias":"champion""#, #""shadow":{"alias":"nobody""#, "the shadow names nobody"),
        (#"["old.salt"]"#, #"["b","a"]"#, "the retired salts are not ascending"),
        (#"["old.salt"]"#, #"["old.salt","old.salt"]"#, "the retired salts are not ascending"),
        (#"["old.salt"]"#, "[]", "not in canonical form"),
        (#""coverage":200"#, #""coverage":201"#, "its checksum says"),
    ]) func `a split or shadow that is well-formed but wrong is refused with the reason`(
        _ old: String, _ new: String, _ reason: String
    ) throws {
        let text = try state
        #expect(text.contains(old))
        try bench.overwrite(bench.statePath(6), Array(text.replacingOccurrences(of: old, with: new).utf8))
        let error = try #require(throws: RegistryError.self) { _ = try bench.registry.currentState() }
        #expect(error.description.hasPrefix(bench.statePath(6) + " is damaged: "))
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `more arms or allowed units than a state may hold are refused before it is written`() throws {
        func start(_ arms: [RegisteredSplit.Arm]) throws {
            _ = try bench.registry.startSplit(
                RegisteredSplit(salt: "s2", unit: "u", arms: arms, coverage: 1), of: "sports",
                replacing: true,
                note: note("split start"), verifier: accept)
        }
        for arms in [
            [], (0..<65).map { RegisteredSplit.Arm(name: "a\($0)", target: .version(1)) },
            [.init(name: "a", target: .version(1), allow: (0..<1_001).map(String.init))],
            [
                .init(name: "a", target: .version(1), allow: ["u"]),
                .init(name: "b", target: .version(1), allow: ["u"]),
            ],
            [.init(name: "a", target: .version(1), allow: ["two\nlines"])],
        ] {
            let error = try #require(throws: RegistryError.self) { try start(arms) }
            guard case .split(.invalid, _) = error else {
                Issue.record("\(error)")
                continue
            }
        }
        #expect(try bench.registry.currentState().epoch == 6)
    }
}

import Foundation
import Testing

/// The style rules that a machine can hold: the floors, where `unsafe` may stand, and how long things may grow.
@Suite struct TidyTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What each target may import of the project's own: arrows point down only.
    static let floors: [String: Set<String>] = [
        "Files": ["CSignals", "CZlib"],
        "Tensors": ["CKernels", "Files"],
        "Messages": ["CMessages", "CProtobufC"],
        "HTTP2": ["CNGHTTP2"],
        "Terminal": ["Files"],
        "Charts": [],
        "RandomNumbers": [],
        "DIEN": ["Tensors", "Files"],
        "ModelRegistry": ["Files"],
        "Experiment": [],
        "RequestLog": ["Files"],
        "GRPC": ["HTTP2"],
        "ExperimentMessages": ["Experiment", "Messages"],
        "Serving": [
            "GRPC", "Messages", "ExperimentMessages", "ModelRegistry", "Experiment", "RequestLog", "DIEN",
            "DIENMessages", "Charts", "Tensors", "Files",
        ],
        "DIENMessages": ["DIEN", "Messages"],
        "RankingClient": ["GRPC", "Messages", "ExperimentMessages", "Experiment"],
        "Datasets": ["Tensors", "Files", "RandomNumbers"],
        "Training": ["DIEN", "Datasets", "Experiment", "Charts", "Tensors", "Files", "RandomNumbers"],
        "dien-server": ["Serving", "RequestLog", "Tensors", "Files"],
        "OfflineEvaluation": [
            "DIEN", "DIENMessages", "Messages", "RequestLog", "Datasets", "Experiment", "ModelRegistry",
            "Charts", "Terminal", "Tensors", "Files",
        ],
        "dien-registry": [
            "OfflineEvaluation", "RankingClient", "GRPC", "RequestLog", "Datasets", "Experiment",
            "ModelRegistry", "DIEN", "Tensors", "Terminal", "Charts", "Files",
        ],
        "dien-train": [
            "Training", "OfflineEvaluation", "Datasets", "Experiment", "ModelRegistry", "DIEN", "Charts",
            "Terminal", "Tensors",
            "Files",
        ],
        "dien-client": [
            "RankingClient", "GRPC", "Messages", "RequestLog", "Datasets", "Experiment", "Charts", "Terminal",
            "Files", "RandomNumbers",
        ],
    ]
    static let unsafeFloor: Set<String> = ["Files", "Tensors", "Messages", "HTTP2"]

    @Test func `each target imports only what lies below it`() throws {
        let own = Set(Self.floors.keys).union([
            "CKernels", "CMessages", "CProtobufC", "CNGHTTP2", "CSignals", "CZlib",
        ])
        for file in try SourceFile.all(in: "Sources") {
            let allowed = try #require(Self.floors[file.target], "unlisted target \(file.target)")
            let imports = file.imports.filter { own.contains($0) }
            #expect(Set(imports).subtracting(allowed).isEmpty, "\(file.path) imports \(imports)")
        }
    }

    @Test func `POSIX is reached through Files alone`() throws {
        for file in try SourceFile.all(in: "Sources") where file.target != "Files" {
            #expect(!file.imports.contains("Glibc"), "\(file.path) imports Glibc")
        }
    }

    @Test func `unsafe code stands on the lowest Swift floor alone`() throws {
        for file in try SourceFile.all(in: "Sources") where !Self.unsafeFloor.contains(file.target) {
            for (number, line) in file.lines.enumerated() where line.hasWord("unsafe") {
                Issue.record("\(file.path):\(number + 1): unsafe above floor 1")
            }
        }
    }

    @Test func `files stay under 400 lines and functions under 70`() throws {
        for file in try SourceFile.all(in: "Sources") + SourceFile.all(in: "Tests") {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
            for function in file.functions where function.lineCount > 70 {
                Issue.record("\(file.path):\(function.line): a function of \(function.lineCount) lines")
            }
        }
    }

    @Test func `no file is named after a drawer`() throws {
        for file in try SourceFile.all(in: "Sources") {
            for word in ["Util", "Helper", "Manager", "Common", "Misc"] {
                #expect(!file.path.contains(word), "\(file.path): name it by what it does")
            }
        }
    }

    @Test func `nothing is left to be done later without an issue`() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        for file in try SourceFile.all(in: "Sources") + SourceFile.all(in: "Tests") {
            for (number, line) in file.lines.enumerated() {
                for mark in marks where line.hasWord(mark) {
                    Issue.record("\(file.path):\(number + 1): \(mark)")
                }
            }
        }
    }

    @Test func `the function counter sees a long function`() {
        let body = Array(repeating: "    work()", count: 71)
        let file = SourceFile(path: "x.swift", target: "X", lines: ["func long() {"] + body + ["}"])
        #expect(file.functions.map(\.lineCount) == [73])
    }
}

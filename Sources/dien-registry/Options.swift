import ArgumentParser
import Foundation
import ModelRegistry
import Tensors
import Terminal

/// Which registry, and how to print.
struct ReadingOptions: ParsableArguments {
    @Option(help: "The registry's folder (default: $DIEN_REGISTRY, else ./registry).")
    var registry: String?

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    /// The registry, opened.
    func open() throws -> Registry {
        try Registry(openingAt: registry ?? Environment.registry).reporting(to: ProgressBar.shared.show)
    }
}

/// What every committing command records.
struct WritingOptions: ParsableArguments {
    @Option(help: "Why; recorded in the log.")
    var reason: String?

    @Option(help: "Who commits (default: $DIEN_ACTOR, else user@host).")
    var actor: String?

    /// A note of this command. The folders of this machine stay out of it, since registries travel.
    func note(_ command: String, evidence: [UInt8]? = nil) -> CommitNote {
        CommitNote(
            command: command, reason: reason, evidence: evidence, actor: actor ?? Environment.actor)
    }
}

/// A precision by its name.
func parsePrecision(_ argument: String) throws -> Precision {
    guard let precision = Precision(rawValue: argument) else {
        let known = Precision.allCases.map(\.rawValue).joined(separator: " or ")
        throw ValidationError("no precision '\(argument)'; give \(known)")
    }
    return precision
}

/// What the environment sets.
enum Environment {
    static var registry: String { value("DIEN_REGISTRY") ?? "./registry" }
    static var actor: String { value("DIEN_ACTOR") ?? CommitNote.defaultActor }

    /// A variable that is set and not empty.
    private static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

import ArgumentParser

/// `dien-registry ramp`.
struct RampCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ramp",
        abstract: "Take a candidate from shadowing to all of the traffic, and away when it fails.",
        subcommands: [RampRunCommand.self])
}

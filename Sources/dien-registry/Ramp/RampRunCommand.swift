import ArgumentParser
import Experiment
import Files
import Foundation
import ModelRegistry
import RankingClient
import Terminal

/// `dien-registry ramp run`.
struct RampRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "Watch a candidate, take its traffic away when it fails, and raise it where that was allowed.",
        discussion: """
            Asks all replicas for their counters again and again, judges, and goes the plan's way: shadow, 1, 5, 10, 25 and 50 % \
            beside a control as large, then all of it. A phase is left after its time, with its units, when nothing speaks against \
            the next; the candidate is promoted only by a PASS. A FAIL, in any phase, ends split and shadow at once and retires \
            the salt: who met the bad arm would bias the next run, which gets a salt of its own. Missing data holds. Without \
            --auto-promote traffic is never raised: the line tells what a person may run, and the ramp goes on when somebody has.

            What is known stands in the registry alone. It is safe to end this at any moment (Ctrl-C) and to start it again: it goes \
            on in the phase that the state tells, and a change that somebody else commits wins. Every change is an epoch with the \
            evidence that led to it; `judge --epoch` computes it again.

            EXAMPLES
              dien-registry ramp run sports --candidate 3 --from ranker-1:50051 ranker-2:50051 ranker-3:50051
              dien-registry ramp run sports --from ranker-1:50051 --auto-promote --hold 600 --minimum-units 5000
              dien-registry ramp run sports --candidate 3 --from ranker-1:50051 --plan plan.json --json
              dien-registry ramp run sports --candidate 3 --from ranker-1:50051 --once

            --plan is {"phases":[{"holdSeconds":600,"minimumUnits":1000,"share":0},{"holdSeconds":600,"minimumUnits":1000,\
            "share":100},…]}: shares of the candidate in basis points, rising, up to 5000, and 10000 for all of it; 0 is the shadow, \
            whose units are shadowed requests.

            JSON, a line a look: {"action":"wait","asked":3,"candidate":3,"counted":3,"decision":"HOLD","epoch":14,"model":"sports",\
            "phase":2,"phases":7,"reason":…,"seconds":12,"share":100,"time":…,"units":512}; action wait, act, ask, finish or refuse; \
            "change" what is done or asked for, "committed" its epoch, "run" the command

            EXIT STATUS
              0 promoted · 8 it has failed, and its traffic is taken away · 3 somebody ended or changed the experiment, or the version \
            has failed before · 2 usage · 4 a version failed a check · 5 input or output failed; with --once and nothing of these: 0 PASS, \
            6 HOLD, 7 INSUFFICIENT
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(
        help: "The version to try: number, alias or tag (default: what the split or the shadow tries now).")
    var candidate: String?

    @OptionGroup var replicas: ReplicaOptions

    @Option(help: "Seconds between two looks.")
    var period = 1.0

    @Flag(help: "Raise the traffic and promote by itself.")
    var autoPromote = false

    @Option(help: "Seconds that each phase lasts at least.")
    var hold = 3600.0

    @Option(help: "Units that the candidate has seen before the next phase.")
    var minimumUnits = 1000

    @Option(
        help: "A file with the phases, instead of --hold and --minimum-units.",
        completion: .file(extensions: ["json"]))
    var plan: String?

    @Option(help: "How much of the requests the shadow phase copies, in percent.")
    var shadowRate = Percent(basisPoints: 500)

    @Option(help: "What the routing key identifies, in a split that the ramp starts.")
    var unit = "user_id"

    @Flag(help: "Try a version although it has failed before.")
    var again = false

    @Flag(help: "Look once, do what is due, and end.")
    var once = false

    @Option(help: "Who commits (default: $DIEN_ACTOR, else user@host).")
    var actor: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard !replicas.from.isEmpty else { throw ValidationError("give --from, the replicas") }
        guard period >= 0.05, period <= 3600 else {
            throw ValidationError("--period is 0.05 to 3600 seconds")
        }
        guard hold >= 0, hold <= 1e9, minimumUnits >= 0 else {
            throw ValidationError("--hold and --minimum-units are not negative")
        }
        guard shadowRate.basisPoints > 0 else { throw ValidationError("--shadow-rate is above 0") }
    }

    func run() async throws {
        let registry = try reading.open()
        let (panel, model) = (ReplicaPanel(try replicas.addresses(replicas.from), timeout: timeout), name)
        var ramp = Ramp(registry, try settings(of: registry), verify: ModelVerifier().verify) {
            await panel.ask(about: model)
        }
        let line = StatusLine()
        var isFirst = true
        while true {
            let begin = ContinuousClock.now
            do {
                let look = try await ramp.look()
                try show(look, on: line)
                if let code = look.exitCode ?? (once ? look.decision?.exitCode ?? 0 : nil) {
                    await panel.close()
                    throw ExitCode(code)
                }
            } catch let error as RegistryError where !isFirst {
                // A disk that stumbles must not end the watch.
                line.print("dien-registry: \(error); looking again", to: .error)
            }
            isFirst = false
            try await Task.sleep(until: begin + .seconds(period), clock: .continuous)
        }
    }

    /// A replica that is silent may not hold the look up for long.
    private var timeout: Duration { .seconds(min(replicas.timeout, max(period, 0.5))) }

    private func settings(of registry: Registry) throws -> Ramp.Settings {
        let state = try registry.currentState()
        var phases = RampPlan.standard(holdSeconds: hold, minimumUnits: minimumUnits)
        if let plan { phases = try JSONFile.decode(RampPlan.self, plan, what: "plan") }
        return Ramp.Settings(
            model: name, candidate: try version(in: state),
            controller: RampController(phases, promotes: autoPromote), policy: try replicas.settings(),
            shadowRate: shadowRate.basisPoints, unit: unit, isAgain: again, actor: actor ?? Environment.actor)
    }

    private func version(in state: RegistryState) throws -> UInt64 {
        if let candidate { return try state.versionNumber(candidate, of: name) }
        return try Trial(of: name, in: state).candidate.version
    }

    private func show(_ look: RampLook, on line: StatusLine) throws {
        if reading.json { return line.print(try Output.json(look), to: .output) }
        line.show(look.text, isNews: look.isNews)
    }
}

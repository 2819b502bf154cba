import ArgumentParser

/// `dien-registry split`.
struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Divide a model's traffic between versions, by units that stay with their arm.",
        discussion: """
            A unit (a user, say) is hashed with the split's salt to a position in 0 to 1. Each arm owns a range with a fixed \
            start, and coverage says how much of the range is enrolled: raising it enrols more units and moves none. \
            Everybody else, and each request without a routing key, gets the champion. The control slice serves the \
            champion too, to as many units as the candidate has, so that equals are compared.

            EXAMPLES
              dien-registry split start sports --candidate 3 --coverage 2 --reason "AUC 0.781"
              dien-registry split ramp sports 10
              dien-registry split hold sports --reason "waiting for Monday's labels"
              dien-registry split ramp sports 20 --resume
              dien-registry split ramp sports 2 --down
              dien-registry split allow sports user-4711 --arm candidate
              dien-registry split show sports
              dien-registry split stop sports

            JSON: {"committed":true,"epoch":9,"model":"sports","shares":{"candidate":0.01,"control":0.01},"split":{…}}; \
            "split" as the state holds it, and absent, as "shares", when none runs
            """,
        subcommands: [
            SplitStartCommand.self, SplitRampCommand.self, SplitHoldCommand.self, SplitAllowCommand.self,
            SplitShowCommand.self, SplitStopCommand.self,
        ])
}

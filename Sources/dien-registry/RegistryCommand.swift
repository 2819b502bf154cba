import ArgumentParser

/// The command `dien-registry`.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dien-registry",
        abstract: "Keep versions of ranking models and decide which one is served.",
        discussion: """
            A registry is a folder; registry/README.md specifies it. Every change is one epoch, committed whole or not at \
            all, and printed. A running server follows by itself.

            EXAMPLES
              dien-registry init models
              export DIEN_REGISTRY=models
              dien-registry push sports ./sports-model --alias champion
              dien-registry promote sports 2 --reason "AUC up" --expect-current 1
              dien-registry rollback sports --reason "calibration off in the app"
              dien-registry split start sports --candidate 3 --coverage 2
              dien-registry diff sports champion 2
              dien-registry judge sports --from ranker-1:50051 ranker-2:50051
              dien-registry ramp run sports --candidate 3 --from ranker-1:50051 ranker-2:50051
              dien-registry feedback import clicks.jsonl --requests /var/log/dien --output counters.json
              dien-registry compare sports@champion sports@2 --data data/sports
              dien-registry gc --apply
              dien-registry log --json
              source <(dien-registry --generate-completion-script bash)

            ENVIRONMENT
              DIEN_REGISTRY   the registry when --registry is not given
              DIEN_ACTOR      who commits when --actor is not given

            EXIT STATUS
              0  done, or nothing to do
              2  usage: wrong arguments, unknown model, version or registry
              3  precondition lost: the registry moved on; look again, decide again
              4  verification refused: the version or something stored failed a check
              5  input or output failed, or the disk is full
              6, 7, 8  of judge and ramp: HOLD, INSUFFICIENT, FAIL
            """,
        subcommands: [
            InitCommand.self, PushCommand.self, ListCommand.self, ShowCommand.self, PromoteCommand.self,
            RollbackCommand.self, SplitCommand.self, ShadowCommand.self, JudgeCommand.self, RampCommand.self,
            FeedbackCommand.self, TagCommand.self, VerifyCommand.self, DiffCommand.self,
            CompareCommand.self, LogCommand.self, ExportCommand.self, ImportCommand.self, GarbageCommand.self,
            CheckCommand.self,
        ])
}

import ArgumentParser
import Files
import GRPC

/// `dien-client`: the Swift client library as a command.
@main
struct DIENClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dien-client",
        abstract: "Asks a dien-server for rankings and for what it serves, and puts it under load.",
        discussion: #"""
            EXAMPLES
              dien-client rank --model sports --user 7 \
                --history 149,150,151 --candidates 153,1110,10021
              dien-client rank --request request.json --top-k 5 --json
              dien-client prepare --model sports --history 149,150,151
              dien-client status
              dien-client load --rate 100 --html load.html
              dien-client requests requests --since 15m
              dien-client replay data/sports --model sports --rate 200

            It exits with 0 when the server answered, 1 when a call failed (one line
            on stderr says why: `dien-client: NOT_FOUND: …`), 2 when it is called
            wrongly. `dien-client --version` shows its own version.
            """#,
        subcommands: [
            RankCommand.self, PrepareCommand.self, StatusCommand.self, LoadCommand.self, RequestsCommand.self,
            ReplayCommand.self,
        ])

    static func main() async {
        // Not the built-in flag, which subcommands inherit: in `rank --version 3` it is a model's version.
        if CommandLine.arguments.dropFirst() == ["--version"] {
            return StandardStream.output.writeLine("dien-client 0.1.0")
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as RPCError {
            StandardStream.error.writeLine("dien-client: \(oneLine("\(error)"))")
            exit(withError: ExitCode(1))
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            StandardStream.error.writeLine(fullMessage(for: error))
            exit(withError: ExitCode(2))
        }
    }

    /// A server's message may have several lines; what fails is told in one.
    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

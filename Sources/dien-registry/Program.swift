import ArgumentParser
import Foundation
import ModelRegistry

/// Runs the command and turns whatever is thrown into one line on standard error and an exit status.
@main enum Program {
    static func main() async {
        do {
            var command = try RegistryCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as RegistryError {
            exit(ExitStatus(error), "\(error)")
        } catch {
            if let status = ExitStatus(judging: error) { exit(status, "\(error)") }
            exitForParser(error)
        }
    }

    /// The parser throws to ask for help as well as to report a mistake; its own status for the latter is 64.
    private static func exitForParser(_ error: any Error) -> Never {
        let status = RegistryCommand.exitCode(for: error)
        guard status == .validationFailure else { RegistryCommand.exit(withError: error) }
        exit(.usage, RegistryCommand.message(for: error) + "; see dien-registry --help")
    }

    private static func exit(_ status: ExitStatus, _ message: String) -> Never {
        let line = message.split(separator: "\n").joined(separator: " ")
        FileHandle.standardError.write(Data("dien-registry: \(line)\n".utf8))
        RegistryCommand.exit(withError: ExitCode(status.rawValue))
    }
}

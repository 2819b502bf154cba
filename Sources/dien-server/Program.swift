import ArgumentParser
import Files

/// Runs the command; a mistake in its arguments is one line on standard error and status 2.
@main enum Program {
    static func main() async {
        do {
            var command = try DIENServer.parseAsRoot()
            if let server = command as? DIENServer { try await server.run() } else { try command.run() }
        } catch {
            // The parser throws to ask for help as well as to report a mistake; its own status for that is 64.
            guard DIENServer.exitCode(for: error) == .validationFailure else {
                DIENServer.exit(withError: error)
            }
            let line = DIENServer.message(for: error).split(separator: "\n").joined(separator: " ")
            StandardStream.error.writeLine("dien-server: \(line); see dien-server --help")
            DIENServer.exit(withError: ExitCode(2))
        }
    }
}

internal import Glibc

/// The process's standard streams, written at once and unbuffered, so that a line is seen when it is written even
/// through a pipe.
public enum StandardStream: Int32, Sendable {
    /// Answers.
    case output = 1
    /// Errors and progress.
    case error = 2

    /// Whether it is a terminal, so that progress may be drawn on it.
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Writes the text and a line end. A reader that has gone is not an error: there is nobody left to tell.
    public func writeLine(_ text: String) { write(text + "\n") }

    /// Writes the text as it is.
    public func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(rawValue, $0.baseAddress, $0.count)
            }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return
            }
        }
    }
}

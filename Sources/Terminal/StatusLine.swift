public import Files

/// Where something stands, told again and again: lines on standard output, or, where that is a terminal, one that is redrawn in
/// place. For one thread.
public final class StatusLine {
    private let isTerminal: Bool
    private var isDrawn = false
    private let write: (StandardStream, String) -> Void

    /// A line on the process's own standard output.
    public convenience init() {
        self.init(isTerminal: StandardStream.output.isTerminal) { $0.write($1) }
    }

    init(isTerminal: Bool, write: @escaping (StandardStream, String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Tells where it stands. News stay; anything else is overwritten by the next, on a terminal.
    public func show(_ text: String, isNews: Bool) {
        guard isTerminal, !isNews else { return print(text, to: .output) }
        // A line that wraps cannot be redrawn.
        write(.output, "\r\u{1B}[K\u{1B}[?7l\(text)\u{1B}[?7h")
        isDrawn = true
    }

    /// A line that stays.
    public func print(_ text: String, to stream: StandardStream) {
        if isDrawn { write(.output, "\r\u{1B}[K") }
        isDrawn = false
        write(stream, text + "\n")
    }
}

import Files
import Testing

@testable import Terminal

@Suite struct StatusLineTests {
    private func written(isTerminal: Bool, _ body: (StatusLine) -> Void) -> String {
        var text = ""
        let line = StatusLine(isTerminal: isTerminal) { stream, written in
            text += (stream == .error ? "<error>" : "") + written
        }
        body(line)
        return text
    }

    @Test func `on a pipe every look is a line`() {
        let text = written(isTerminal: false) { line in
            line.show("one", isNews: false)
            line.show("two", isNews: true)
        }
        #expect(text == "one\ntwo\n")
    }

    @Test func `on a terminal a look overwrites the one before, and news stay`() {
        let text = written(isTerminal: true) { line in
            line.show("one", isNews: false)
            line.show("two", isNews: false)
            line.show("news", isNews: true)
            line.print("wrong", to: .error)
        }
        let drawn = "\r\u{1B}[K\u{1B}[?7l"
        #expect(text == "\(drawn)one\u{1B}[?7h\(drawn)two\u{1B}[?7h\r\u{1B}[Knews\n<error>wrong\n")
    }
}

internal import Files
internal import Synchronization

/// How far a long piece of work is: one line on standard error, redrawn in place, and only where that is a terminal.
public final class ProgressBar: Sendable {
    /// The process's own: there is one line to draw on.
    public static let shared = ProgressBar()

    private struct Drawing {
        var work = ""
        var begin: UInt64 = 0
        var last: UInt64 = 0
        var isDrawn = false
    }

    private let isTerminal = StandardStream.error.isTerminal
    private let drawing = Mutex(Drawing())
    /// What takes less time is not worth a line.
    private static let delay: UInt64 = 300_000_000
    private static let interval: UInt64 = 100_000_000
    private static let erased = "\r\u{1B}[K"

    /// Whether lines are drawn at all; where they are not, a command may print plain ones instead.
    public var isDrawing: Bool { isTerminal }

    /// Draws the work's line, at most ten times a second; it is gone when `done` reaches `total`. Another `work` begins
    /// another line. `detail` gets the seconds since the work began and tells what stands after the bar.
    public func show(_ work: String, done: UInt64, total: UInt64, detail: (Double) -> String) {
        guard isTerminal else { return }
        let now = MonotonicClock.nanoseconds()
        let line: String? = drawing.withLock { drawing in
            if drawing.work != work { drawing = Drawing(work: work, begin: now, last: now) }
            if done >= total {
                defer { drawing = Drawing() }
                return drawing.isDrawn ? Self.erased : nil
            }
            guard now - drawing.begin > Self.delay, now - drawing.last > Self.interval else { return nil }
            drawing.last = now
            drawing.isDrawn = true
            return Self.erased
                + Self.line(done: done, total: total, detail: detail(seconds(since: drawing.begin)))
        }
        if let line { StandardStream.error.write(line) }

        func seconds(since begin: UInt64) -> Double { Double(now - begin) / 1e9 }
    }

    /// `[############        ]  60 %  ` and the detail.
    public static func line(done: UInt64, total: UInt64, detail: String) -> String {
        let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
        let full = Int(share * 20)
        let bar = String(repeating: "#", count: full) + String(repeating: " ", count: 20 - full)
        return "[\(bar)] \(Int(share * 100)) %  \(detail)"
    }

    /// What is left of work that has gone on for so long, at the rate so far: `1 h 5 min`, `2 min 10 s`, `8 s`.
    public static func timeLeft(done: UInt64, total: UInt64, seconds: Double) -> String {
        guard done > 0, total > done else { return "0 s" }
        return duration(seconds: seconds / Double(done) * Double(total - done))
    }

    /// A duration for people, in its two largest units.
    public static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}

extension ProgressBar {
    /// The line of samples that `model` scores.
    public func show(scores model: String, done: Int, total: Int) {
        show(scores: model, "samples", done: done, total: total)
    }

    /// The line of requests that `model` scores.
    public func show(requests model: String, done: Int, total: Int) {
        show(scores: model, "requests", done: done, total: total)
    }

    private func show(scores model: String, _ what: String, done: Int, total: Int) {
        show("scores of \(model)", done: UInt64(done), total: UInt64(total)) { seconds in
            "\(done) of \(total) \(what)  \(Int(Double(done) / max(seconds, 0.001)))/s  "
                + "\(Self.timeLeft(done: UInt64(done), total: UInt64(total), seconds: seconds)) left  \(model)"
        }
    }
}

import Files
import ModelRegistry
import Synchronization

/// How far the hashing or copying of a large file is, on standard error and only where that is a terminal.
final class ProgressBar: Sendable {
    static let shared = ProgressBar()

    private struct Drawing {
        var path = ""
        var begin: UInt64 = 0
        var last: UInt64 = 0
        var isDrawn = false
    }

    private let isTerminal = StandardStream.error.isTerminal
    private let drawing = Mutex(Drawing())
    /// What takes less time is not worth a line.
    private static let delay: UInt64 = 300_000_000
    private static let interval: UInt64 = 100_000_000

    /// Draws it, at most ten times a second; the line is gone when the file is done.
    func show(_ progress: HashingProgress) {
        guard isTerminal else { return }
        let now = MonotonicClock.nanoseconds()
        let line: String? = drawing.withLock { drawing in
            if drawing.path != progress.path {
                drawing = Drawing(path: progress.path, begin: now, last: now)
            }
            if progress.done >= progress.total {
                defer { drawing = Drawing() }
                return drawing.isDrawn ? "\r\u{1B}[K" : nil
            }
            guard now - drawing.begin > Self.delay, now - drawing.last > Self.interval else { return nil }
            drawing.last = now
            drawing.isDrawn = true
            return "\r\u{1B}[K" + Self.line(progress, seconds: Double(now - drawing.begin) / 1e9)
        }
        if let line { StandardStream.error.write(line) }
    }

    /// `[############        ]  60 %  2.4 GiB of 4.0 GiB  1.1 GiB/s  a721a9610b4e`.
    static func line(_ progress: HashingProgress, seconds: Double) -> String {
        let share = progress.total == 0 ? 1 : Double(progress.done) / Double(progress.total)
        let full = Int(share * 20)
        let bar = String(repeating: "#", count: full) + String(repeating: " ", count: 20 - full)
        let rate = Output.size(UInt64(Double(progress.done) / max(seconds, 0.001)))
        let name = progress.path.split(separator: "/").last ?? ""
        return
            "[\(bar)] \(Int(share * 100)) %  \(Output.size(progress.done)) of \(Output.size(progress.total))  "
            + "\(rate)/s  \(name.prefix(24))"
    }
}

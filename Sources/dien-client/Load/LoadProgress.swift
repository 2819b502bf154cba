import Charts
import Files
import Synchronization
import Terminal

/// Counts calls over all threads, for who looks on while the load runs.
final class LoadProgress: Sendable {
    private let calls = Atomic(0)
    private let failures = Atomic(0)
    private let planned: Int?
    private let duration: UInt64

    /// Of a load that ends after so many nanoseconds, or after so many calls where that is known.
    init(duration: UInt64, calls: Int?) {
        (self.duration, planned) = (duration, calls)
    }

    func ended(failed: Bool) {
        calls.wrappingAdd(1, ordering: .relaxed)
        if failed { failures.wrappingAdd(1, ordering: .relaxed) }
    }

    /// Draws the progress bar; nothing where no terminal is.
    func show(elapsed: UInt64) {
        let count = calls.load(ordering: .relaxed)
        let failed = failures.load(ordering: .relaxed)
        let (done, total) = planned.map { (UInt64(count), UInt64($0)) } ?? (elapsed, duration)
        ProgressBar.shared.show("load", done: min(done, total), total: total) { _ in
            let seconds = max(Double(elapsed) / 1e9, 1e-3)
            let left = ProgressBar.timeLeft(done: done, total: total, seconds: seconds)
            return "\(NumberText.count(count)) calls, \(NumberText.count(Int(Double(count) / seconds)))/s"
                + (failed > 0 ? ", \(NumberText.count(failed)) failed" : "") + ", \(left) left"
        }
    }

    /// Takes the bar away.
    func finish() {
        ProgressBar.shared.show("load", done: 1, total: 1) { _ in "" }
    }
}

/// Set once, from any thread.
final class LoadFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}

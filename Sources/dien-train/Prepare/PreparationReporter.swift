import Datasets
import Files
import Terminal

/// Tells how far a preparation is: a bar on a terminal, else a line when a phase begins.
final class PreparationReporter {
    private var phase: PreparationProgress.Phase?

    func show(_ progress: PreparationProgress) {
        if phase != progress.phase {
            finish()
            phase = progress.phase
            if !ProgressBar.shared.isDrawing {
                StandardStream.error.writeLine(
                    "\(progress.phase.rawValue) \(Self.amount(progress.total, progress.phase))")
            }
        }
        // The bar goes when it is full, which is for finish() to say.
        guard progress.done < progress.total else { return }
        ProgressBar.shared.show(progress.phase.rawValue, done: progress.done, total: progress.total) {
            seconds in
            "\(progress.phase.rawValue) \(Self.amount(progress.total, progress.phase)), "
                + "\(ProgressBar.timeLeft(done: progress.done, total: progress.total, seconds: seconds)) left"
        }
    }

    /// Takes the bar away.
    func finish() {
        guard let phase else { return }
        ProgressBar.shared.show(phase.rawValue, done: 1, total: 1) { _ in "" }
        self.phase = nil
    }

    private static func amount(_ total: UInt64, _ phase: PreparationProgress.Phase) -> String {
        phase == .reading ? "\((total + (1 << 19)) >> 20) MiB" : "\(total) users"
    }
}

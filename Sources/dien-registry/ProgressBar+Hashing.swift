import ModelRegistry
import Terminal

extension ProgressBar {
    /// How far the hashing or copying of a large file is:
    /// `[############        ]  60 %  2.4 GiB of 4.0 GiB  1.1 GiB/s  a721a9610b4e`.
    func show(_ progress: HashingProgress) {
        show(progress.path, done: progress.done, total: progress.total) { seconds in
            let rate = Output.size(UInt64(Double(progress.done) / max(seconds, 0.001)))
            let name = progress.path.split(separator: "/").last ?? ""
            let done = "\(Output.size(progress.done)) of \(Output.size(progress.total))"
            return "\(done)  \(rate)/s  \(name.prefix(24))"
        }
    }
}

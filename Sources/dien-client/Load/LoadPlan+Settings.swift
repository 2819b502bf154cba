import Charts
import Messages

extension LoadPlan {
    /// The settings by name, for a report.
    var settings: [(name: String, value: String)] {
        var settings: [(name: String, value: String)] = [("server", "\(server)")]
        let version = model.version > 0 ? "version \(model.version)" : model.alias
        let spec = [model.name, version].filter { !$0.isEmpty }.joined(separator: ", ")
        settings.append(("model", spec.isEmpty ? "the server's own" : spec))
        switch mode {
        case .closed(let concurrency):
            settings.append(("mode", "closed loop, \(concurrency) callers"))
        case .open(let rate, let isPoisson, let limit):
            settings.append(
                ("mode", "\(isPoisson ? "Poisson arrivals" : "fixed rate"), \(LoadResult.rate(rate))/s"))
            settings.append(("calls in progress", "at most \(NumberText.count(limit))"))
        }
        settings.append(("connections", "\(connections)"))
        settings.append(("threads", "\(threads)"))
        let length = calls.map { "\(NumberText.count($0)) calls" } ?? "\(TimeSpan(nanoseconds: duration))"
        settings.append(("length", "\(length) after \(TimeSpan(nanoseconds: warmup)) of warm-up"))
        settings.append(("deadline", "\(Int(deadline / .milliseconds(1))) ms"))
        switch requests {
        case .list(let list, let once):
            settings.append(
                ("requests", "\(NumberText.count(list.count)) of a file, \(once ? "once" : "over and over")"))
        case .synthetic(let synthetic):
            let shape = synthetic.shape
            settings.append(("requests", "synthetic"))
            settings.append(("history", "\(NumberRange(shape.history))"))
            settings.append(("candidates", "\(NumberRange(shape.candidates))"))
            settings.append(("popularity", "Zipf, exponent \(shape.skew), ids \(NumberRange(shape.items))"))
            let users = shape.distinctUsers.map { "\($0)" } ?? "another in each request"
            settings.append(("users", "\(users), ids \(NumberRange(shape.users))"))
        }
        settings.append(("seed", "\(seed)"))
        return settings
    }
}

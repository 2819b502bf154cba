import DIEN
import DIENMessages
import Files
import Messages
import RequestLog

extension RecentRequests {
    /// How much of a log is read at the start, the newest part of it.
    private static let limit: UInt64 = 64_000_000

    /// Remembers the newest requests of each model in a log, so that a server that has just started warms its versions up
    /// at the mix that it will see. What cannot be read is left out: it is for warming up alone.
    /// Tells how many.
    func restore(from folder: String) -> Int {
        var count = 0
        var newest: [String: [LoggedRequest]] = [:]
        for file in Self.newestFiles(folder) {
            guard let scan = try? RequestLogScan(file) else { continue }
            while let request = try? scan.nextRequest(RequestLogFilter()) {
                newest[request.model, default: []].append(request)
                // Twice as many as are needed, so that few are moved.
                if let count = newest[request.model]?.count, count >= 2 * Self.capacity {
                    newest[request.model]?.removeFirst(count - Self.capacity)
                }
            }
        }
        for (model, requests) in newest {
            for logged in requests.suffix(Self.capacity) {
                guard let request = try? RankRequest(serialized: logged.request) else { continue }
                add(RankingInput(request), of: model)
                count += 1
            }
        }
        return count
    }

    /// The newest files that fit the limit together, oldest first; the newest one in any case.
    private static func newestFiles(_ folder: String) -> [String] {
        let files = (try? RequestLogFolder.files(folder)) ?? []
        var chosen: [String] = []
        var bytes: UInt64 = 0
        for file in files.reversed() {
            bytes += (try? LocalFileSystem().status(file))??.size ?? 0
            guard chosen.isEmpty || bytes <= limit else { break }
            chosen.insert(file, at: 0)
        }
        return chosen
    }
}

import ArgumentParser
import Files
import Messages
import RequestLog
import Terminal

/// A request log as a source of requests to send again.
enum LoggedRequests {
    /// Whether a request log stands at the path: a folder, or a file that begins as one.
    static func isLog(_ path: String) -> Bool {
        guard path != "-", let files = try? RequestLogFolder.files(path) else { return false }
        guard files == [path] else { return true }
        do throws(RequestLogError) {
            _ = try RequestLogReader(path)
            return true
        } catch {
            // One that is damaged is one nevertheless, and will be told to be.
            switch error {
            case .notARequestLog, .file, .bounds: return false
            case .unknownVersion, .damagedHeader: return true
            }
        }
    }

    /// The requests that pass, oldest first, in memory. What is damaged is told on standard error; what is no log is a mistake
    /// of the caller.
    static func read(_ path: String, _ filter: RequestLogFilter) throws -> [LoggedRequest] {
        let requests: [LoggedRequest]
        let scan: RequestLogScan
        do throws(RequestLogError) {
            scan = try RequestLogScan(path)
            requests = try scan.requests(filter) { scan in
                ProgressBar.shared.show("log", done: scan.offset, total: max(scan.size, 1)) { seconds in
                    "\(scan.offset >> 20) of \(scan.size >> 20) MiB, "
                        + "\(ProgressBar.timeLeft(done: scan.offset, total: scan.size, seconds: seconds)) left"
                }
            }
        } catch { throw ValidationError("\(path): \(error)") }
        ProgressBar.shared.show("log", done: 1, total: 1) { _ in "" }
        for finding in scan.findings {
            StandardStream.error.writeLine("dien-client: \(finding.file): \(finding.description)")
        }
        return requests
    }
}

extension RankRequest {
    /// A logged request to be sent again: without its id, which names another answer. Nil where its bytes are none.
    ///
    /// - Parameter model: who shall answer instead of the model that was asked then; the default leaves it.
    init?(repeating logged: LoggedRequest, for model: ModelSpec) {
        guard var message = try? RankRequest(serialized: logged.request) else { return nil }
        message.requestID = ""
        if model != ModelSpec() { message.model = model }
        self = message
    }
}

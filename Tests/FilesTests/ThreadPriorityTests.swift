import Files
import Foundation
import Testing

@Suite struct ThreadPriorityTests {
    @Test func `a thread that uses idle time only is of the class that the kernel calls idle`() async throws {
        let policy = await withCheckedContinuation { continuation in
            let started = DedicatedThread.start {
                let isLow = ThreadPriority.useIdleTimeOnly()
                let stat = (try? String(contentsOfFile: "/proc/thread-self/stat", encoding: .utf8)) ?? ""
                // Field 41 of proc_pid_stat(5); the name, field 2, stands in brackets and may hold anything.
                let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
                continuation.resume(returning: isLow && fields.count > 38 ? String(fields[38]) : "none")
            }
            if !started { continuation.resume(returning: "no thread") }
        }
        #expect(policy == "5")
    }
}

import Foundation
import Testing

@testable import Files

@Suite struct SystemCallTests {
    /// Plays write(2): the given results in turn, -1 with an errno, or a count of bytes taken.
    private final class ScriptedWrite {
        enum Step { case takes(Int), fails(Int32) }
        var steps: [Step]
        var calls = 0
        var taken = 0

        init(_ steps: [Step]) { self.steps = steps }

        func call(_ count: Int) -> Int {
            calls += 1
            guard !steps.isEmpty else { return count }
            switch steps.removeFirst() {
            case .takes(let most):
                taken += min(most, count)
                return min(most, count)
            case .fails(let code):
                errno = code
                return -1
            }
        }
    }

    @Test func `short writes and interruptions are continued until all is written`() throws {
        let script = ScriptedWrite([.takes(1), .fails(EINTR), .takes(3), .fails(EINTR), .takes(100)])
        try unsafe writeAll([1, 2, 3, 4, 5, 6].span, path: "f") { script.call($1) }
        #expect(script.taken == 6)
        #expect(script.calls == 5)
    }

    @Test(arguments: [ENOSPC, EIO, EDQUOT]) func `a failed write is reported at once`(_ code: Int32) {
        let script = ScriptedWrite([.takes(2), .fails(code)])
        #expect(throws: FileError.system(.write, path: "f", errno: code)) {
            try unsafe writeAll([1, 2, 3].span, path: "f") { script.call($1) }
        }
        #expect(script.calls == 2)
    }

    @Test func `a write that takes nothing ends in an error, not in a loop`() {
        let script = ScriptedWrite([.takes(0)])
        #expect(throws: FileError.system(.write, path: "f", errno: EIO)) {
            try unsafe writeAll([1].span, path: "f") { script.call($1) }
        }
    }

    @Test func `fsync is never tried a second time`() {
        var calls = 0
        #expect(throws: FileError.system(.fsync, path: "f", errno: EINTR)) {
            try once(.fsync, "f") {
                calls += 1
                errno = EINTR
                return -1
            }
        }
        #expect(calls == 1)
    }
}

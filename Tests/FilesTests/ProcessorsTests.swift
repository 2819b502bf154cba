import Testing

@testable import Files

/// How many threads are worth having.
struct ProcessorsTests {
    @Test func `a quota counts in whole processors, at least one, and no more than are allowed`() {
        func count(_ allowed: Int, _ quota: Double?) -> Int {
            Processors(allowed: Array(0..<allowed), quota: quota).count
        }
        #expect(count(4, nil) == 4)
        #expect(count(4, 2.5) == 2)
        #expect(count(4, 0.3) == 1)
        #expect(count(2, 8) == 2)
        #expect(count(0, nil) == 1)
    }

    @Test(
        arguments: [
            (["150000 100000\n"], 1.5), (["200000\n", "100000\n"], 2), (["max 100000\n"], nil),
            (["-1\n", "100000\n"], nil), (["", ""], nil), (["100000 0"], nil), (["nan 100000"], nil),
        ] as [([String], Double?)])
    func `both interfaces to control groups tell the quota`(files: [String], quota: Double?) {
        #expect(ControlGroup.quota(files) == quota)
    }

    @Test func `this process may run somewhere, and a thread may be kept there`() throws {
        let processors = Processors.current()
        let first = try #require(processors.allowed.first)
        #expect(processors.count <= processors.allowed.count)
        #expect(!Processors.pinCurrentThread(to: -1) && !Processors.pinCurrentThread(to: 1 << 20))
        #expect(first >= 0)
    }

    @Test func `a thread is told the processor that it is on`() async throws {
        let allowed = Processors.current().allowed
        for processor in allowed {
            let found = await withCheckedContinuation { continuation in
                _ = DedicatedThread.start(on: processor) {
                    continuation.resume(returning: Processors.currentThreadIsOn)
                }
            }
            #expect(found == processor)
        }
    }
}

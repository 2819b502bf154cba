import Files
import Testing

@Suite struct ProcessorTimeTests {
    @Test func `a thread's time goes on while it works, and stands while it sleeps`() {
        let begin = ProcessorTime.ofThread()
        MonotonicClock.sleep(nanoseconds: 50_000_000)
        let afterSleep = ProcessorTime.ofThread()
        let start = MonotonicClock.nanoseconds()
        while ProcessorTime.ofThread() - afterSleep < 20_000_000 {
            guard MonotonicClock.nanoseconds() - start < 10_000_000_000 else { break }
        }
        #expect(afterSleep - begin < 25_000_000)
        #expect(ProcessorTime.ofThread() - afterSleep >= 20_000_000)
    }
}

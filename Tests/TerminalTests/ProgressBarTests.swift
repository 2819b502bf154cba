import Terminal
import Testing

struct ProgressBarTests {
    @Test(
        arguments: [
            (0, 10, "[                    ] 0 %  x"), (6, 10, "[############        ] 60 %  x"),
            (10, 10, "[####################] 100 %  x"), (0, 0, "[####################] 100 %  x"),
            (11, 10, "[####################] 100 %  x"),
        ] as [(UInt64, UInt64, String)])
    func `a line shows the share as a bar and as a number`(done: UInt64, total: UInt64, line: String) {
        #expect(ProgressBar.line(done: done, total: total, detail: "x") == line)
    }

    @Test(arguments: [
        (0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (130, "2 min 10 s"), (3900, "1 h 5 min"),
        (.infinity, "unknown"),
    ])
    func `a duration is told in its two largest units`(seconds: Double, text: String) {
        #expect(ProgressBar.duration(seconds: seconds) == text)
    }

    @Test func `the time left follows from the rate so far`() {
        #expect(ProgressBar.timeLeft(done: 25, total: 100, seconds: 10) == "30 s")
        #expect(ProgressBar.timeLeft(done: 0, total: 100, seconds: 10) == "0 s")
        #expect(ProgressBar.timeLeft(done: 100, total: 100, seconds: 10) == "0 s")
    }
}

import Foundation
import Testing

@testable import Datasets

@Suite struct OutcomeReaderTests {
    private func read(
        _ text: String, event: OutcomeLine.Event? = nil, isStrict: Bool = false
    ) throws -> (lines: [OutcomeLine], malformed: MalformedLines) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/outcomes"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var reader = OutcomeReader()
        reader.event = event
        reader.isStrict = isStrict
        var lines: [OutcomeLine] = []
        try reader.read(path) { lines.append($0) }
        #expect(reader.count == lines.count)
        return (lines, reader.malformed)
    }

    private var clicked: OutcomeLine {
        var line = OutcomeLine()
        line.requestID = "r-1"
        line.position = 2
        (line.isImpression, line.isClick) = (true, true)
        line.revenue = 1.5
        line.unixMilliseconds = 1_764_000_000_000
        return line
    }

    @Test(arguments: [
        """
        {"request_id":"r-1","position":2,"impression":true,"click":1,"revenue":1.5,"time":1764000000,"page":"home"}
        """,
        "Request_ID,Position,shown,clicked,revenue,timestamp,page\nr-1,2,1,yes,1.5,1764000000000,home\n",
        "request\tpos\timpression\tlabel\trevenue\ttime\tcost\nr-1\t2\ttrue\t1\t1.5\t1764000000.0\t\r\n",
        "\"request_id\",position,impression,click,revenue,time\n\"r-1\",2,1,1,1.5,1764000000\n",
    ])
    func `one event in four spellings`(text: String) throws {
        let (lines, malformed) = try read(text)
        #expect(lines == [clicked])
        #expect(malformed.count == 0)
    }

    @Test func `each file of several tells its own form`() throws {
        let folder = try TemporaryFolder()
        var reader = OutcomeReader()
        var requests: [String?] = []
        let texts = [
            "{\"request_id\":\"r-1\",\"position\":0,\"click\":1}\n", "request_id,position,click\nr-2,0,1\n",
            "{\"request_id\":\"r-3\",\"position\":0,\"click\":1}\n[]\n", "request\tpos\tclick\nr-4\t0\t1\n",
        ]
        for (number, text) in texts.enumerated() {
            let path = folder.path + "/\(number)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try reader.read(path) { requests.append($0.requestID) }
        }
        #expect(requests == ["r-1", "r-2", "r-3", "r-4"])
        #expect(reader.malformed.count == 1 && reader.malformed.first.first?.number == 2)
    }

    @Test func `a token in either alphabet of base64, and an item by its identifier`() throws {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xBE, 0xFF, 1]
        for text in ["++++/wE=", "----_wE", "----_wE="] {
            let (lines, _) = try read("{\"feedback_token\":\"\(text)\",\"item\":153,\"click\":true}")
            #expect(lines.first?.token == bytes)
            #expect(lines.first?.item == "153")
        }
    }

    @Test func `a file of clicks alone says so once`() throws {
        let (lines, _) = try read("request_id,position\nr-1,0\nr-2,3\n", event: .click)
        #expect(lines.map(\.isClick) == [true, true] && lines.map(\.isImpression) == [false, false])
        #expect(
            try read("request_id,position\nr-1,0\n").malformed.first.first?.reason.contains("tells nothing")
                == true)
    }

    @Test func `what is no outcome is counted, the first ten with their numbers, and the rest is read`()
        throws
    {
        let bad = [
            "{\"position\":1,\"click\":1}", "{\"request_id\":\"r\",\"click\":1}",
            "{\"request_id\":\"r\",\"position\":-1}",
            "{\"request_id\":\"r\",\"position\":1,\"click\":2}",
            "{\"request_id\":\"r\",\"position\":1,\"revenue\":\"much\"}",
            "{\"request_id\":\"r\",\"position\":1,\"time\":\"noon\",\"click\":1}",
            "{\"request_id\":[1],\"position\":1}",
            "{\"token\":\"*\",\"position\":1}", "not JSON",
            "{\"request_id\":\"r\",\"position\":1,\"revenue\":1e300}",
            "{\"request_id\":\"\(String(repeating: "r", count: 129))\",\"position\":1}", "[1]",
        ]
        let good = "{\"request_id\":\"r\",\"position\":1,\"click\":1}"
        let (lines, malformed) = try read(([good] + bad + ["", good]).joined(separator: "\n"))
        #expect(lines.count == 2)
        #expect(malformed.count == bad.count)
        #expect(malformed.first.map(\.number) == Array(2...11))
        #expect(throws: DatasetError.self) {
            try read(([good] + bad).joined(separator: "\n"), isStrict: true)
        }
    }

    @Test func `a table's odd lines are told by where they begin`() throws {
        let (lines, malformed) = try read("request_id,position,click\nr,1\n\"a\nb\",1,1\nr,1,1\n\"open,1,1\n")
        #expect(lines.map(\.requestID) == ["a\nb", "r"])
        #expect(malformed.first.map(\.number) == [2, 6])
    }

    @Test func `columns that say too little are refused before any line`() {
        #expect(throws: DatasetError.self) { try read("user,item,click\n1,2,1\n") }
        #expect(throws: DatasetError.self) { try read("request_id,click\nr,1\n") }
    }
}

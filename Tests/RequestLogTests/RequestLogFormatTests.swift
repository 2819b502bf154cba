import Files
import Foundation
import TestSupport
import Testing

@testable import RequestLog

@Suite struct RequestLogFormatTests {
    /// Packed by Python's struct and zlib, from docs/REQUEST_LOG.md.
    static let golden = """
        4449454e4c4f470a0100280090d0030093e497b69a01000048d9b3a7026c1e5f00000000a70101a2b5000000dd7bb87b
        5b6d659c01000000c8e997b69a0100002a000000000000000700000000000000990a00005a0a0000060073706f727473
        47007368613235363a616261626162616261626162616261626162616261626162616261626162616261626162616261
        62616261626162616261626162616261626162616261626162090063616e646964617465090063616e64696461746508
        0073706f7274732e390400722dc3bc0a0000000a080a0673706f727473020000000000803e0000403f
        """
    static let goldenBytes = golden.split { $0.isWhitespace }.joined().hexadecimalBytes
    static let goldenRequest = LoggedRequest(
        unixMilliseconds: 1_764_000_000_456, epoch: 42, version: 7, totalMicroseconds: 2713,
        scoringMicroseconds: 2650, model: "sports", digest: "sha256:" + String(repeating: "ab", count: 32),
        arm: "candidate", assignedArm: "candidate", experiment: "sports.9", requestID: "r-ü",
        request: [0x0A, 0x08, 0x0A, 0x06] + Array("sports".utf8), scores: [0.25, 0.75])

    @Test func `a file packed by another program by the document is read`() throws {
        let folder = try LogFixture()
        let reader = try RequestLogReader(folder.write(Self.goldenBytes))
        #expect(reader.header.unixMilliseconds == 1_763_999_999_123)
        #expect(reader.header.writer == 0x5F1E_6C02_A7B3_D948)
        #expect(reader.header.shareMillionths == 250_000)
        #expect(try reader.next() == .request(Self.goldenRequest))
        #expect(try reader.next() == nil)
        #expect(reader.damage.isEmpty)
    }

    @Test func `the same bytes are written`() {
        let header = RequestLogHeader(
            unixMilliseconds: 1_763_999_999_123, writer: 0x5F1E_6C02_A7B3_D948, shareMillionths: 250_000)
        #expect(
            header.encoded + (RequestLogRecord.request(Self.goldenRequest).encoded ?? []) == Self.goldenBytes)
    }

    @Test func `what is written is read`() throws {
        var random = SplitMix64.printed("records", seed: 6)
        let requests = (0..<200).map { _ in LogFixture.request(&random) }
        let folder = try LogFixture()
        let read = try LogFixture.read(folder.write(LogFixture.file(requests)))
        #expect(read.requests == requests)
        #expect(read.damage.isEmpty)
    }

    @Test func `later kinds and fields are stepped over`() throws {
        let known = try #require(RequestLogRecord.request(Self.goldenRequest).encoded)
        let content = Array(known[RequestLogRecord.headCount...])
        let later = Self.record([99, 0, 0, 0] + [UInt8](repeating: 7, count: 1000))
        let longer = Self.record(content + [1, 2, 3])
        let folder = try LogFixture()
        let reader = try RequestLogReader(folder.write(LogFixture.file([]) + later + longer + known))
        #expect(try reader.next() == .request(Self.goldenRequest))
        #expect(try reader.next() == .request(Self.goldenRequest))
        #expect(try reader.next() == nil)
        #expect(reader.unknownRecords == 1)
        #expect(reader.damage.isEmpty)
    }

    @Test func `a score that is no probability, and a text that is no UTF-8, make a record malformed`() throws
    {
        let known = try #require(RequestLogRecord.request(Self.goldenRequest).encoded)
        let content = Array(known[RequestLogRecord.headCount...])
        var broken: [[UInt8]] = []
        for score in [Float.nan, .infinity, -0.5, 1.5] {
            var bytes = content
            for byte in 0..<4 {
                bytes[bytes.count - 4 + byte] = UInt8(score.bitPattern >> UInt32(8 * byte) & 255)
            }
            broken.append(bytes)
        }
        var bytes = content
        bytes[4 + 32 + 2] = 0xFF
        broken.append(bytes)
        let folder = try LogFixture()
        let file = LogFixture.file([]) + broken.flatMap(Self.record) + known
        let reader = try RequestLogReader(folder.write(file))
        #expect(try reader.next() == .request(Self.goldenRequest))
        #expect(reader.damage.count == broken.count)
        #expect(reader.damage.allSatisfy { if case .malformed = $0 { true } else { false } })
    }

    @Test func `a length beyond the file takes no memory`() throws {
        var head = ByteWriter()
        head.append(UInt32(RequestLogRecord.limit))
        head.append(UInt32(0))
        head.append(CRC32.checksum(head.bytes.span))
        let folder = try LogFixture()
        let before = try #require(ProcessFacts.current()).anonymousBytes
        for _ in 0..<50 {
            let reader = try RequestLogReader(folder.write(LogFixture.file([]) + head.bytes + [0, 0, 0]))
            #expect(try reader.next() == nil)
            #expect(reader.damage == [.torn(offset: 40, bytes: 15)])
        }
        let after = try #require(ProcessFacts.current()).anonymousBytes
        #expect(after < before + UInt64(RequestLogRecord.limit))
    }

    @Test func `other files are refused by what is wrong with them`() throws {
        let folder = try LogFixture()
        func refusal(_ bytes: [UInt8]) throws -> RequestLogError? {
            let path = try folder.write(bytes)
            return #expect(throws: RequestLogError.self) { _ = try RequestLogReader(path) }
        }
        var newer = Self.goldenBytes
        newer[8] = 2
        #expect(try refusal([]) == .notARequestLog)
        #expect(try refusal(Array("{\"profile\":{}}\n".utf8)) == .notARequestLog)
        #expect(try refusal(newer) == .unknownVersion(2))
        #expect(#expect(throws: RequestLogError.self) { _ = try RequestLogReader(folder.path) } != nil)
    }

    /// A record of this content.
    static func record(_ content: [UInt8]) -> [UInt8] {
        var record = ByteWriter()
        record.append(UInt32(content.count))
        record.append(CRC32.checksum(content.span))
        record.append(CRC32.checksum(record.bytes.span))
        return record.bytes + content
    }
}

extension String {
    /// The bytes that pairs of hexadecimal digits mean.
    fileprivate var hexadecimalBytes: [UInt8] {
        let digits = compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

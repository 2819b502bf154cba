import Foundation
import TestSupport
import Testing

@testable import RequestLog

/// Whatever becomes of a file, what is read from it was written, and the rest is told.
@Suite struct RequestLogDamageTests {
    private let requests: [LoggedRequest]
    private let bytes: [UInt8]
    /// Where each record ends.
    private let ends: [Int]

    init() {
        var random = SplitMix64.printed("damage", seed: 11)
        requests = (0..<3).map { _ in LogFixture.request(&random) }
        bytes = LogFixture.file(requests)
        var ends = [RequestLogHeader.count]
        for request in requests {
            ends.append(ends[ends.count - 1] + (RequestLogRecord.request(request).encoded?.count ?? 0))
        }
        self.ends = ends
    }

    @Test func `cut anywhere, the records before the cut are read and the torn one is told`() throws {
        let folder = try LogFixture()
        for length in 0..<bytes.count {
            let path = try folder.write(Array(bytes[..<length]))
            guard length >= RequestLogHeader.count else {
                #expect(throws: RequestLogError.self) { _ = try RequestLogReader(path) }
                continue
            }
            let read = try LogFixture.read(path)
            let whole = ends.count { $0 <= length } - 1
            #expect(read.requests == Array(requests[..<whole]))
            let rest = UInt64(length - ends[whole])
            #expect(
                read.damage == (rest == 0 ? [] : [.torn(offset: UInt64(ends[whole]), bytes: rest)]),
                "cut at \(length)")
        }
    }

    @Test func `with any bit flipped, no other record is read than those written, and the damage is told`()
        throws
    {
        let folder = try LogFixture()
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let path = try folder.write(flipped)
            guard bit / 8 >= RequestLogHeader.count else {
                #expect(throws: RequestLogError.self, "bit \(bit)") { _ = try RequestLogReader(path) }
                continue
            }
            let hit = ends.count { $0 <= bit / 8 } - 1
            let read = try LogFixture.read(path)
            #expect(read.damage.count == 1, "bit \(bit)")
            let isInHead = bit / 8 < ends[hit] + RequestLogRecord.headCount
            let left = requests[..<hit] + (isInHead ? [] : requests[(hit + 1)...])
            #expect(read.requests == Array(left), "bit \(bit)")
        }
    }

    @Test func `random damage never reads what was not written`() throws {
        var random = SplitMix64.printed("noise", seed: 12)
        let folder = try LogFixture()
        for _ in 0..<500 {
            var noisy = bytes
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let at = Int.random(in: RequestLogHeader.count..<noisy.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: noisy[at] = .random(in: 0...255, using: &random)
                case 1: noisy.insert(.random(in: 0...255, using: &random), at: at)
                default: noisy.remove(at: at)
                }
            }
            let read = try LogFixture.read(folder.write(noisy))
            #expect(read.requests.allSatisfy(requests.contains))
            #expect(read.requests.count == requests.count || !read.damage.isEmpty || noisy == bytes)
        }
    }

    @Test func `a file of zeros behind its header, as a power failure leaves it, ends there`() throws {
        let folder = try LogFixture()
        let header = Array(bytes[..<RequestLogHeader.count])
        let read = try LogFixture.read(folder.write(header + [UInt8](repeating: 0, count: 4096)))
        #expect(read.requests.isEmpty)
        #expect(read.damage == [.length(offset: 40, lostBytes: 4096)])
    }
}

import Messages
import TestSupport
import Testing

/// Nothing that arrives may crash the process or take memory out of proportion.
struct HostileBytesTests {
    @Test func `every truncation is refused or is a smaller message`() {
        func truncate<Message: ProtobufMessage>(_ message: Message) {
            let whole = message.serialized()
            for length in 0..<whole.count {
                // A cut between two fields is legal; any other has to throw. Either way the result is not the whole.
                if let part = try? Message.decoded(Array(whole[..<length])) { #expect(part != message) }
            }
        }
        truncate(RankRequestTests.request)
        truncate(RankResponseTests.response)
        truncate(ListModelsTests.response)
        truncate(FeedbackTests.request)
        truncate(CountersTests.response)
    }

    @Test func `random changes are refused or read as something that can be written`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var accepted = 0
        func change<Message: ProtobufMessage>(_ message: Message) throws {
            let whole = message.serialized()
            for _ in 0..<5000 {
                var changed = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: changed.indices, using: &random)
                    changed[index] = UInt8.random(in: 0...255, using: &random)
                }
                guard let read = try? Message.decoded(changed) else { continue }
                accepted += 1
                let written = read.serialized()
                #expect(try Message.decoded(written).serialized() == written)
            }
        }
        try change(RankRequestTests.request)
        try change(RankResponseTests.response)
        try change(ListModelsTests.response)
        try change(FeedbackTests.request)
        try change(CountersTests.response)
        #expect(accepted > 0)
    }

    @Test func `random bytes are refused or read`() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var refused = 0
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...40, using: &random)
            let garbage = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            if (try? RankRequest.decoded(garbage)) == nil { refused += 1 }
        }
        #expect(refused > 10_000)
    }

    @Test func `a message of nothing but tiny fields is refused by their number`() {
        let columns = [[UInt8]](repeating: [0x32, 0x00], count: 100_001).flatMap { $0 }
        let error = MessageError.tooManyFields(message: "dien.v1.RankRequest", limit: 100_000)
        #expect(throws: error) { try RankRequest.decoded(columns) }
    }

    @Test func `as many fields as are allowed fit the memory limit`() throws {
        let columns = [[UInt8]](repeating: [0x32, 0x00], count: 100_000).flatMap { $0 }
        #expect(try RankRequest.decoded(columns).candidates.count == 100_000)
        let unknown = [[UInt8]](repeating: [0xA2, 0x06, 0x00], count: 100_000).flatMap { $0 }
        #expect(try RankRequest.decoded(unknown) == RankRequest())
        let strings = [[UInt8]](repeating: [0x1A, 0x00], count: 99_999).flatMap { $0 }
        let length = strings.count
        let header: [UInt8] = [
            0x32, UInt8(length & 0x7F) | 0x80, UInt8(length >> 7 & 0x7F) | 0x80, UInt8(length >> 14),
        ]
        let read = try RankRequest.decoded(header + strings)
        #expect(read.candidates.first?.count == 99_999)
    }

    @Test func `a large packed column is read whole`() throws {
        let request = RankRequest(candidates: [FeatureColumn(name: "item", ids: Array(0..<500_000))])
        #expect(try RankRequest.decoded(request.serialized()) == request)
        let zeros = RankRequest(candidates: [
            FeatureColumn(name: "", ids: Array(repeating: 0, count: 500_000))
        ])
        #expect(try RankRequest.decoded(zeros.serialized()) == zeros)
    }

    @Test func `groups are refused however deep they are`() {
        let groups = [UInt8](repeating: 0x0B, count: 50_000)
        #expect(throws: MessageError.self) { try RankRequest.decoded(groups) }
    }
}

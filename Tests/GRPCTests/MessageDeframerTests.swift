import GRPC
import NIOCore
import Testing

struct MessageDeframerTests {
    static let messages: [ByteBuffer] = [
        ByteBuffer(string: "one"), ByteBuffer(), ByteBuffer(string: "a longer message"),
        ByteBuffer(bytes: [0, 1, 0, 0, 0, 9]),
    ]

    static var wire: [UInt8] {
        var buffer = ByteBuffer()
        for (index, message) in messages.enumerated() {
            MessageFraming.write(message, compressed: index == 2, into: &buffer)
        }
        return Array(buffer.readableBytesView)
    }

    static func deframe(_ parts: [ArraySlice<UInt8>]) throws -> [MessageDeframer.Message] {
        var deframer = MessageDeframer(maximumMessageLength: 64)
        var found: [MessageDeframer.Message] = []
        for part in parts {
            deframer.append(ByteBuffer(bytes: part))
            while let message = try deframer.next() { found.append(message) }
        }
        #expect(!deframer.isInsideMessage)
        return found
    }

    @Test func `the messages are the same under every split in three`() throws {
        let wire = Self.wire
        let expected = try Self.deframe([wire[...]])
        #expect(expected.map(\.payload) == Self.messages)
        #expect(expected.map(\.compressed) == [false, false, true, false])
        for first in 0...wire.count {
            for second in first...wire.count {
                let parts = [wire[..<first], wire[first..<second], wire[second...]]
                #expect(try Self.deframe(parts) == expected)
            }
        }
    }

    @Test func `the messages are the same byte by byte`() throws {
        let wire = Self.wire
        #expect(try Self.deframe(wire.indices.map { wire[$0...$0] }).map(\.payload) == Self.messages)
    }

    @Test func `a message at the limit passes and one byte more is refused by its prefix alone`() throws {
        var deframer = MessageDeframer(maximumMessageLength: 8)
        deframer.append(MessageFraming.framed(ByteBuffer(repeating: 1, count: 8)))
        #expect(try deframer.next()?.payload.readableBytes == 8)
        deframer.append(ByteBuffer(bytes: [0, 0, 0, 0]))
        #expect(try deframer.next() == nil)
        deframer.append(ByteBuffer(bytes: [9]))
        let error = RPCError(
            code: .resourceExhausted, message: "message of 9 bytes is larger than the limit of 8")
        #expect(throws: error) { try deframer.next() }
    }

    @Test func `an announced length of 4 GiB is refused without memory`() {
        var deframer = MessageDeframer()
        deframer.append(ByteBuffer(bytes: [0, 255, 255, 255, 255]))
        #expect(throws: RPCError.self) { try deframer.next() }
    }

    @Test(arguments: UInt8(2)...255)
    func `an undefined flag is refused at once`(flag: UInt8) {
        var deframer = MessageDeframer()
        deframer.append(ByteBuffer(bytes: [flag]))
        let error = RPCError(code: .internal, message: "message flag \(flag): only 0 and 1 are defined")
        #expect(throws: error) { try deframer.next() }
    }

    @Test(arguments: 1...7) func `an end inside a message is visible`(length: Int) throws {
        var deframer = MessageDeframer()
        deframer.append(ByteBuffer(bytes: [0, 0, 0, 0, 3, 1, 2].prefix(length)))
        #expect(try deframer.next() == nil)
        #expect(deframer.isInsideMessage)
    }
}

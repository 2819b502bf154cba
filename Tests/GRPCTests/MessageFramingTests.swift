import GRPC
import NIOCore
import Testing

struct MessageFramingTests {
    @Test func `a message gets its flag and its length in network order`() {
        let message = ByteBuffer(repeating: 7, count: 258)
        let framed = MessageFraming.framed(message)
        #expect(Array(framed.readableBytesView.prefix(5)) == [0, 0, 0, 1, 2])
        #expect(framed.readableBytes == MessageFraming.prefixLength + 258)
        #expect(MessageFraming.framed(ByteBuffer(), compressed: true) == ByteBuffer(bytes: [1, 0, 0, 0, 0]))
    }
}

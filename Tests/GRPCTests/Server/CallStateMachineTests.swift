import GRPC
import NIOCore
import Testing

struct CallStateMachineTests {
    private func body(_ messages: [String]) -> ByteBuffer {
        var body = ByteBuffer()
        for message in messages { MessageFraming.write(ByteBuffer(string: message), into: &body) }
        return body
    }

    @Test func `one request runs only when the request has ended, under every split`() {
        let whole = body(["hello"])
        for cut in 0...whole.readableBytes {
            var call = CallStateMachine(hasOneRequest: true, maxMessageBytes: 100)
            var remaining = whole
            let head = remaining.readSlice(length: cut) ?? ByteBuffer()
            let start = call.receive(head, endStream: false)
            #expect(start == .wait)
            let middle = call.receive(remaining, endStream: false)
            #expect(middle == .wait)
            let end = call.receive(ByteBuffer(), endStream: true)
            #expect(end == .run(ByteBuffer(string: "hello")))
        }
    }

    @Test func `a second message is refused at once`() {
        var call = CallStateMachine(hasOneRequest: true, maxMessageBytes: 100)
        let first = call.receive(body(["a"]), endStream: false)
        #expect(first == .wait)
        guard case .fail(let error) = call.receive(body(["b"]), endStream: false) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .unimplemented)
        let third = call.receive(body(["c"]), endStream: true)
        #expect(third == .wait)
    }

    @Test func `streamed messages are delivered as they complete`() {
        var call = CallStateMachine(hasOneRequest: false, maxMessageBytes: 100)
        let delivered = call.receive(body(["a", "b"]), endStream: false)
        #expect(delivered == .deliver([ByteBuffer(string: "a"), ByteBuffer(string: "b")], ended: false))
        let ended = call.receive(ByteBuffer(), endStream: true)
        #expect(ended == .deliver([], ended: true))
    }

    @Test func `a failure before the first message is trailers only`() {
        var call = CallStateMachine(hasOneRequest: true, maxMessageBytes: 100)
        let failure = call.finish(ok: false)
        #expect(failure == .trailersOnly)
        let success = call.finish(ok: true)
        #expect(success == .drop)
        let message = call.sendMessage()
        #expect(message == .drop)
    }

    @Test func `headers go before the first message only`() {
        var call = CallStateMachine(hasOneRequest: true, maxMessageBytes: 100)
        let first = call.sendMessage()
        #expect(first == .headersAndMessage)
        let second = call.sendMessage()
        #expect(second == .message)
        let headers = call.sendHeaders()
        #expect(!headers)
        let failure = call.finish(ok: false)
        #expect(failure == .trailers)
    }

    @Test func `success without a message still has headers of its own`() {
        var call = CallStateMachine(hasOneRequest: false, maxMessageBytes: 100)
        let success = call.finish(ok: true)
        #expect(success == .headersAndTrailers)
    }
}

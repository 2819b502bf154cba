import HTTP2
import NIOCore
import Synchronization

/// The way from handlers, which run anywhere, back to their connection, which lives on its event loop.
///
/// Letters are opened in batches: the first one of a batch wakes the loop, and one flush answers all of them.
final class ConnectionMailbox: Sendable {
    enum Letter: Sendable {
        /// Initial metadata is to go out now.
        case headers(StreamID)
        /// One response message.
        case message(StreamID, ByteBuffer)
        /// The handler has ended, with its one response or with all of its stream sent. The last letter of a call.
        case finished(StreamID, Result<ByteBuffer?, RPCError>)
        /// Request messages of so many bytes have been taken out of the stream.
        case consumed(StreamID, Int)
        case drain
        /// End all calls and close.
        case abort
    }

    private struct State {
        var letters: [Letter] = []
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Opens the mailbox; `wake` is called when letters wait, at most once before they are taken.
    func open(wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
    }

    /// Letters are dropped from now on.
    func close() {
        state.withLock { $0 = State() }
    }

    func post(_ letter: Letter) {
        let wake = state.withLock { state -> (@Sendable () -> Void)? in
            guard let wake = state.wake else { return nil }
            state.letters.append(letter)
            return state.letters.count == 1 ? wake : nil
        }
        wake?()
    }

    func takeAll() -> [Letter] {
        state.withLock { state in
            defer { state.letters = [] }
            return state.letters
        }
    }
}

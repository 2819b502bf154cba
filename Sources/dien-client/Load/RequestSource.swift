import Messages
import NIOCore

/// Where the requests come from, encoded.
struct RequestSource {
    /// A message to send, and how many scores its answer has to have.
    struct Prepared: Sendable {
        let message: ByteBuffer
        let candidates: Int

        init(_ request: RankRequest) {
            message = ByteBuffer(bytes: request.serialized())
            candidates = request.candidates.first?.count ?? 0
        }
    }

    enum Kind {
        /// A list that begins again at its end, or ends there.
        case list([Prepared], once: Bool)
        case synthetic(SyntheticRequests)
    }

    private let kind: Kind
    private var number: UInt64
    private let step: UInt64

    /// Of several workers side by side each takes every `shares`th request, beginning with its own number.
    init(_ kind: Kind, share: Int = 0, of shares: Int = 1) {
        self.kind = kind
        number = UInt64(share)
        step = UInt64(shares)
    }

    /// The next request; nil at the end.
    mutating func next() -> Prepared? {
        defer { number += step }
        switch kind {
        case .list(let requests, let once):
            guard !requests.isEmpty, !once || number < requests.count else { return nil }
            return requests[Int(number % UInt64(requests.count))]
        case .synthetic(let requests):
            return Prepared(requests.request(number))
        }
    }
}

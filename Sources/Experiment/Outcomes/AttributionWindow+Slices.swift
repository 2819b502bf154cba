extension AttributionWindow {
    /// Time cut into slices of an eighth of the window: a whole slice ends at once, so that nothing has to be kept by request.
    public struct Slices: Sendable, Equatable {
        /// How long after the request an outcome counts, in milliseconds.
        public let windowMilliseconds: UInt64
        private let sliceMilliseconds: UInt64

        /// Slices of a window. Precondition: at least 8 ms.
        public init(windowMilliseconds: UInt64) {
            precondition(windowMilliseconds >= 8, "a window")
            self.windowMilliseconds = windowMilliseconds
            sliceMilliseconds = windowMilliseconds / 8
        }

        /// Why an outcome of a request served then does not count at the time `now`; nil: it does.
        public func refusal(served: UInt64, now: UInt64) -> Refusal? {
            if served > now + sliceMilliseconds { return .early }
            return isClosed(slice(of: served), now: now) ? .late : nil
        }

        /// The slice of a time.
        func slice(of time: UInt64) -> UInt64 { time / sliceMilliseconds }

        /// A slice is over when its youngest request is older than the window.
        func isClosed(_ slice: UInt64, now: UInt64) -> Bool {
            (slice + 1) * sliceMilliseconds + windowMilliseconds <= now
        }
    }
}

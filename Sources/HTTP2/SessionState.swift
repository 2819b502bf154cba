import CNGHTTP2
import NIOCore

/// The part of a session that nghttp2's callbacks reach. They only look up, count and append events here, so that
/// nghttp2 is never re-entered from one of its own callbacks.
@safe final class SessionState {
    let role: HTTP2Session.Role
    let configuration: HTTP2Configuration
    var streams: [StreamID: StreamState] = [:]
    var events = CircularBuffer<HTTP2Event>()
    /// The header block being received; there is at most one on a connection (RFC 9113, section 4.3).
    var block = HeaderBlockAssembly()
    var floodGuard: FloodGuard
    var violation: FloodGuard.Kind?
    /// GOAWAY for the violation is queued.
    var answeredViolation = false
    /// The time given with the bytes being received or sent.
    var now = NIODeadline.uptimeNanoseconds(0)
    /// Content queued on all streams.
    var pendingBytes = 0
    /// The buffer in `receive`, of which `data` events are slices, and where it begins in memory.
    var input = ByteBuffer()
    var inputStart: UnsafeRawPointer?
    /// HEADERS and DATA frames written so far.
    var messageFramesSent: UInt64 = 0
    /// A GOAWAY with an error code went out, by whoever's will, or nghttp2 gave the session up.
    var isDead = false
    var nameValueBytes: [UInt8] = []

    init(role: HTTP2Session.Role, configuration: HTTP2Configuration) {
        self.role = role
        self.configuration = configuration
        floodGuard = FloodGuard(limits: configuration.flood)
    }

    /// Nothing is told after a violation: the connection is lost, and the peer must not cause more work.
    func append(_ event: HTTP2Event) {
        if violation == nil { events.append(event) }
    }

    func record(_ kind: FloodGuard.Kind) {
        guard violation == nil, floodGuard.record(kind, at: now) else { return }
        events.append(.flooded(kind))
        violation = kind
    }

    /// A `data` event's bytes: a slice of the input if they lie in it, else a copy.
    func slice(_ start: UnsafePointer<UInt8>, count: Int) -> ByteBuffer {
        if let inputStart = unsafe inputStart {
            let offset = unsafe UnsafeRawPointer(start) - inputStart
            if offset >= 0, let slice = input.getSlice(at: input.readerIndex + offset, length: count) {
                return slice
            }
        }
        return unsafe ByteBuffer(bytes: UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Lends `fields` to nghttp2, which copies them.
    func withNameValues<Result>(
        _ fields: [HeaderField], _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
    ) -> Result {
        nameValueBytes.removeAll(keepingCapacity: true)
        for field in fields {
            nameValueBytes.append(contentsOf: field.name.utf8)
            nameValueBytes.append(contentsOf: field.value.utf8)
        }
        return unsafe nameValueBytes.withUnsafeMutableBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: fields.count) { values in
                var next = bytes.baseAddress
                for (index, field) in fields.enumerated() {
                    let name = field.name.utf8.count
                    let value = field.value.utf8.count
                    unsafe values.initializeElement(
                        at: index,
                        to: nghttp2_nv(
                            name: next, value: next.map { unsafe $0 + name }, namelen: name, valuelen: value,
                            flags: 0))
                    unsafe next = next.map { unsafe $0 + name + value }
                }
                return unsafe body(UnsafePointer(values.baseAddress), fields.count)
            }
        }
    }
}

/// Collects the fields of one header block within its limits.
struct HeaderBlockAssembly {
    private(set) var since: NIODeadline?
    private var fields: [HeaderField] = []
    private var listBytes = 0
    private(set) var isOversized = false

    mutating func begin(at now: NIODeadline) {
        self = HeaderBlockAssembly()
        since = now
        fields.reserveCapacity(12)
    }

    /// True if the field still fits; once one does not, all are dropped, and decoded only for HPACK's sake.
    mutating func admits(nameBytes: Int, valueBytes: Int, limits: HTTP2Configuration) -> Bool {
        if isOversized { return false }
        listBytes += nameBytes + valueBytes + 32
        guard listBytes <= limits.maxHeaderListBytes, fields.count < limits.maxHeaderCount else {
            isOversized = true
            fields = []
            return false
        }
        return true
    }

    mutating func append(_ field: HeaderField) {
        fields.append(field)
    }

    /// Takes the block out and is empty again.
    mutating func finish(kind: HeaderBlock.Kind, endStream: Bool) -> HeaderBlock {
        defer { self = HeaderBlockAssembly() }
        return HeaderBlock(kind: kind, fields: fields, endStream: endStream, isOversized: isOversized)
    }
}

internal import CSignals

/// The guard of one mapping against SIGBUS: pages that its file has lost read as zeros and mark it as damaged.
///
/// From the first one on, the process has a handler of SIGBUS. A SIGBUS elsewhere takes the course that it had before.
struct GuardedRegion: Sendable {
    /// Mappings guarded at once.
    static var limit: Int { Int(SIGBUS_REGION_LIMIT) }
    private let region: Int32

    /// Guards a page-aligned mapping until `release`; nil where `limit` mappings are guarded already.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return nil }
        region = unsafe sigbus_guard(base, bytes.count)
        if region < 0 { return nil }
    }

    /// Ends the guard; call it once, before the mapping is removed.
    func release() { sigbus_unguard(region) }

    /// Whether a page was replaced by zeros.
    var isDamaged: Bool { sigbus_is_damaged(region) }
}

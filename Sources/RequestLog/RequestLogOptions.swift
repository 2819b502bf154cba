/// How much of the traffic a log keeps, and how much room it may take.
public struct RequestLogOptions: Sendable, Equatable {
    /// The share of requests that are logged, 0 to 1: a hash of the request's id decides, so that every replica, and
    /// whoever logs what became of it, decides alike.
    public var share: Double
    /// The most bytes that the folder's files take together.
    public var totalBytes: UInt64
    /// The most bytes of one file; then the next one is begun.
    public var fileBytes: UInt64
    /// The most bytes of records that wait to be written; more are dropped, and counted.
    public var waitingBytes: Int

    /// Options with the defaults: every request, 1 GB in files of 64 MB, 16 MB waiting.
    public init(
        share: Double = 1, totalBytes: UInt64 = 1_000_000_000, fileBytes: UInt64 = 64_000_000,
        waitingBytes: Int = 16_000_000
    ) {
        self.share = share
        self.totalBytes = totalBytes
        self.fileBytes = fileBytes
        self.waitingBytes = waitingBytes
    }

    /// Whether the request of this hash is logged: ⌊share · 2⁶⁴⌋ of all hashes are.
    public func isSampled(_ hash: UInt64) -> Bool {
        guard share < 1 else { return true }
        guard share > 0 else { return false }
        return hash < UInt64(share * 0x1p64)
    }

    /// Throws unless there is room for two files: one that is written, one that is kept.
    func check() throws(RequestLogError) {
        guard fileBytes > UInt64(RequestLogHeader.count), totalBytes / 2 >= fileBytes else {
            throw .bounds(fileBytes: fileBytes, totalBytes: totalBytes)
        }
    }
}

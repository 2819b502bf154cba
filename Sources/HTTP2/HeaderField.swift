/// One header field: a lower-case name (pseudo-header fields begin with a colon) and its value.
///
/// Octets of a received value that are not UTF-8 are replaced by U+FFFD, so that odd values are never an error here.
public struct HeaderField: Hashable, Sendable {
    /// Lower case, as HTTP/2 demands.
    public var name: String
    /// Opaque to HTTP/2.
    public var value: String

    /// Makes a field of a name in lower case and a value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// The size RFC 9113, section 6.5.2 gives a field in SETTINGS_MAX_HEADER_LIST_SIZE: name + value + 32 octets.
    public var listSize: Int { name.utf8.count + value.utf8.count + 32 }
}

/// One complete, valid header block as received.
public struct HeaderBlock: Sendable {
    /// What the block opens or closes.
    public enum Kind: Sendable {
        /// Opens a stream at a server.
        case request
        /// The final response at a client (never 1xx; those are dropped).
        case response
        /// Ends the stream's content.
        case trailers
    }

    /// Its place in the exchange.
    public var kind: Kind
    /// In the order received, duplicates kept. Empty if `isOversized`.
    public var fields: [HeaderField]
    /// The peer sends nothing more on this stream.
    public var endStream: Bool
    /// The block broke `maxHeaderListBytes` or `maxHeaderCount`; its fields were dropped.
    public var isOversized: Bool

    /// The value of the first field of that name.
    public func first(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}

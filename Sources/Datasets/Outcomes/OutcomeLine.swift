internal import Foundation

/// One line of somebody's log of outcomes: news of an item that was ranked for a request.
public struct OutcomeLine: Sendable, Equatable {
    /// What a line tells where it does not say so itself.
    public enum Event: String, Sendable, CaseIterable {
        /// The item was shown.
        case impression
        /// It was clicked.
        case click
        /// The click led to what was hoped for.
        case conversion
    }

    /// The request's id; nil where the token names it.
    public var requestID: String?
    /// `RankResponse.feedback_token`.
    public var token: [UInt8]?
    /// The item's position among the candidates; nil where the item names it.
    public var position: UInt32?
    /// The item's identifier, as text.
    public var item: String?
    /// Whether it was shown.
    public var isImpression = false
    /// Whether it was clicked.
    public var isClick = false
    /// Whether that led to what was hoped for.
    public var isConversion = false
    /// What it brought.
    public var revenue = 0.0
    /// What it cost.
    public var cost = 0.0
    /// When it happened: milliseconds since 1970-01-01T00:00:00Z; nil where that is not told.
    public var unixMilliseconds: UInt64?

    /// A line that tells nothing yet.
    public init() {}
}

/// The fields of such a line, by the names that they go by.
enum OutcomeField: CaseIterable {
    case request, token, position, item, impression, click, conversion, revenue, cost, time

    /// In lower case without "_".
    var names: [String] {
        switch self {
        case .request: ["requestid", "request"]
        case .token: ["feedbacktoken", "token"]
        case .position: ["position", "pos"]
        case .item: ["item", "itemid"]
        case .impression: ["impression", "shown"]
        case .click: ["click", "clicked", "label"]
        case .conversion: ["conversion", "converted"]
        case .revenue: ["revenue"]
        case .cost: ["cost", "price"]
        case .time: ["time", "timestamp", "unixms"]
        }
    }

    /// The field of this name.
    init?(named name: String) {
        let plain = name.lowercased().filter { $0 != "_" && $0 != " " }
        guard let field = Self.allCases.first(where: { $0.names.contains(plain) }) else { return nil }
        self = field
    }
}

/// Why a line is no outcome.
struct OutcomeComplaint: Error, Equatable {
    let reason: String
}

extension OutcomeLine {
    /// Takes the text of a field; an empty one tells nothing.
    mutating func set(_ field: OutcomeField, _ text: String) throws(OutcomeComplaint) {
        guard !text.isEmpty else { return }
        switch field {
        case .request:
            guard text.utf8.count <= 128 else {
                throw OutcomeComplaint(reason: "its request id is over 128 bytes")
            }
            requestID = text
        case .token:
            guard let bytes = Self.base64(text) else {
                throw OutcomeComplaint(reason: "its token is no base64")
            }
            token = bytes
        case .position:
            guard let number = UInt32(text) else {
                throw OutcomeComplaint(reason: "its position is no number from 0 on")
            }
            position = number
        case .item: item = text
        case .impression: isImpression = try Self.truth(text, "impression")
        case .click: isClick = try Self.truth(text, "click")
        case .conversion: isConversion = try Self.truth(text, "conversion")
        case .revenue: revenue = try Self.amount(text, "revenue")
        case .cost: cost = try Self.amount(text, "cost")
        case .time: unixMilliseconds = try Self.time(text)
        }
    }

    /// Throws unless it names a request and an item, and tells something of it.
    mutating func complete(_ event: Event?) throws(OutcomeComplaint) {
        guard requestID != nil || token != nil else {
            throw OutcomeComplaint(reason: "it names no request: request_id or token is needed")
        }
        guard position != nil || item != nil else {
            throw OutcomeComplaint(reason: "it names no item: position or item is needed")
        }
        switch event {
        case .impression: isImpression = true
        case .click: isClick = true
        case .conversion: isConversion = true
        case nil: break
        }
        guard isImpression || isClick || isConversion || revenue != 0 || cost != 0 else {
            throw OutcomeComplaint(
                reason: "it tells nothing: impression, click, conversion, revenue or cost is needed")
        }
    }

    private static func truth(_ text: String, _ name: String) throws(OutcomeComplaint) -> Bool {
        switch text.lowercased() {
        case "1", "true", "yes": return true
        case "0", "false", "no": return false
        default: throw OutcomeComplaint(reason: "its \(name) is neither 1 nor 0, true nor false")
        }
    }

    private static func amount(_ text: String, _ name: String) throws(OutcomeComplaint) -> Double {
        guard let value = Double(text), abs(value) <= 1e12 else {
            throw OutcomeComplaint(reason: "its \(name) is no amount")
        }
        return value
    }

    /// Seconds or milliseconds since 1970, told apart by their size: the one would be the year 5138, the other 1973.
    private static func time(_ text: String) throws(OutcomeComplaint) -> UInt64 {
        guard let value = Double(text), value >= 0, value < 1e15 else {
            throw OutcomeComplaint(reason: "its time is no number of seconds or milliseconds since 1970")
        }
        return UInt64(value < 1e11 ? value * 1000 : value)
    }

    /// RFC 4648, either alphabet, with or without padding.
    static func base64(_ text: String) -> [UInt8]? {
        let digits = text.replacing("-", with: "+").replacing("_", with: "/").replacing("=", with: "")
        let padding = String(repeating: "=", count: (4 - digits.count % 4) % 4)
        return Data(base64Encoded: digits + padding).map { [UInt8]($0) }
    }
}

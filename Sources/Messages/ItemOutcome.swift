import CMessages

/// What became of one item of a request: `dien.v1.ItemOutcome`.
public struct ItemOutcome: ProtobufMessage {
    /// Its position in the candidates, from 0.
    public var position: UInt32
    /// Its score, as it was answered.
    public var score: Float
    /// It was shown.
    public var impression: Bool
    /// It was clicked.
    public var click: Bool
    /// The click led to what was hoped for.
    public var conversion: Bool
    /// What it brought.
    public var revenue: Double
    /// What it cost.
    public var cost: Double

    /// A message of these parts.
    public init(
        position: UInt32 = 0, score: Float = 0, impression: Bool = false, click: Bool = false,
        conversion: Bool = false, revenue: Double = 0, cost: Double = 0
    ) {
        self.position = position
        self.score = score
        self.impression = impression
        self.click = click
        self.conversion = conversion
        self.revenue = revenue
        self.cost = cost
    }

    /// Decodes a `dien.v1.ItemOutcome`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ItemOutcome`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ItemOutcome: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__item_outcome__init)

    init(copying message: Dien__V1__ItemOutcome) throws(MessageError) {
        unsafe self.init(
            position: message.position, score: message.score, impression: message.impression != 0,
            click: message.click != 0, conversion: message.conversion != 0, revenue: message.revenue,
            cost: message.cost)
    }

    func fill(_ message: inout Dien__V1__ItemOutcome, in arena: Arena) {
        unsafe message.position = position
        unsafe message.score = score
        unsafe message.impression = impression ? 1 : 0
        unsafe message.click = click ? 1 : 0
        unsafe message.conversion = conversion ? 1 : 0
        unsafe message.revenue = revenue
        unsafe message.cost = cost
    }
}

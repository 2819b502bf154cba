internal import Files

/// Reads interactions, items and splits of any format into a catalogue and a sorter.
struct InteractionReader {
    let options: PreparationOptions
    private let report: (UInt64) throws(DatasetError) -> Void
    let events: EventSorter
    var catalogue = Catalogue()
    /// Events of each item, by its number.
    private(set) var counts: [UInt32] = []
    var split: SplitTable?
    private(set) var malformed = MalformedLines()
    private var done: UInt64 = 0
    /// Lines between two reports.
    private static let reportLines = 4096

    /// - Parameters:
    ///   - folder: where the sorter's temporary file stands.
    ///   - report: hears how many bytes of the inputs were taken; may throw to stop.
    init(
        _ options: PreparationOptions, folder: String,
        report: @escaping (UInt64) throws(DatasetError) -> Void
    ) {
        self.options = options
        self.report = report
        events = EventSorter(folder: folder, capacity: options.sortedEvents)
    }

    /// Reads one file; interactions come before the split that belongs to them.
    mutating func read(_ input: Input) throws(DatasetError) {
        let lines = try LineReader(input.path)
        switch input.role {
        case .interactions, .items, .split: try readTable(lines, input)
        case .amazon: try readAmazon(lines)
        case .referenceTrain, .referenceTest:
            throw .unusableInput(reason: "\(input.path): the reference's samples do not go with other inputs")
        }
        done += input.size
        while counts.count < catalogue.items.count { counts.append(0) }
    }

    /// Tells how far it is, now and then.
    func report(_ lines: LineReader) throws(DatasetError) {
        if lines.number % Self.reportLines == 0 { try report(done + lines.file.consumed) }
    }

    mutating func refuse(_ lines: LineReader, _ number: Int, _ reason: String) throws(DatasetError) {
        try malformed.add(lines.file.path, number, reason, isStrict: options.isStrict)
    }

    /// Takes an interaction; the reason if its identifiers are none.
    mutating func add(
        _ bytes: [UInt8], user: Range<Int>, item: Range<Int>, category: Range<Int>?, time: Int64
    ) throws(DatasetError) -> String? {
        guard let user = catalogue.users.intern(bytes, user) else { return "its user is no identifier" }
        guard let item = catalogue.item(bytes, item) else { return "its item is no identifier" }
        if let category, !catalogue.setCategory(of: item, bytes, category) {
            return "its category is no identifier"
        }
        while counts.count <= item { counts.append(0) }
        counts[item] &+= 1
        try events.append(user: user, item: item, time: time)
        return nil
    }

    /// A whole number of whatever unit; a fraction after it is dropped.
    static func time(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard bytes.count <= 32, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        if let whole = Int64(text) { return whole }
        guard let value = Double(text), value.isFinite, abs(value) < 0x1p62 else { return nil }
        return Int64(value)
    }
}

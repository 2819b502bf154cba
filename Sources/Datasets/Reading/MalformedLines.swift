/// Lines that could not be read: how many, and the first of them.
public struct MalformedLines: Sendable, Equatable {
    /// One of them.
    public struct Line: Sendable, Equatable {
        /// The file it is in.
        public let path: String
        /// Its number, from 1.
        public let number: Int
        /// What is wrong with it.
        public let reason: String
    }

    /// How many are kept.
    public static let kept = 10
    /// How many there were.
    public private(set) var count = 0
    /// The first of them.
    public private(set) var first: [Line] = []

    /// Counts one; throws instead where none is allowed.
    mutating func add(_ path: String, _ number: Int, _ reason: String, isStrict: Bool) throws(DatasetError) {
        if isStrict { throw .malformedLine(path: path, line: number, reason: reason) }
        count += 1
        if first.count < Self.kept { first.append(Line(path: path, number: number, reason: reason)) }
    }
}

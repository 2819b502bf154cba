import ArgumentParser
import Messages

/// A feature column on the command line: `name=1,2,3`, or `1,2,3` for the feature `item`.
///
/// Values are ids if all of them are decimal numbers, else texts; a value in double quotes is always a text.
struct FeatureArgument: ExpressibleByArgument, Equatable {
    /// Nil where only the values were given.
    let name: String?
    let values: FeatureColumn.Values

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else {
            name = nil
            values = FeatureArgument.values(argument)
            return
        }
        let name = argument[..<equals]
        guard !name.isEmpty else { return nil }
        self.name = String(name)
        values = FeatureArgument.values(String(argument[argument.index(after: equals)...]))
    }

    /// The column, of the feature `name` where the argument names none.
    func column(named name: String) -> FeatureColumn {
        FeatureColumn(name: self.name ?? name, values: values)
    }

    private static func values(_ list: String) -> FeatureColumn.Values {
        guard !list.isEmpty else { return .ids([]) }
        let parts = list.split(separator: ",", omittingEmptySubsequences: false)
        let ids = parts.compactMap { UInt64($0) }
        guard ids.count < parts.count else { return .ids(ids) }
        return .strings(
            parts.map { part in
                let isQuoted = part.count >= 2 && part.hasPrefix("\"") && part.hasSuffix("\"")
                return String(isQuoted ? part.dropFirst().dropLast() : part)
            })
    }
}

internal import Files
public import Tensors

extension TableIdentifiers {
    /// The identifiers of one table in the vocabulary file of a data set; what they are looked up for is left out.
    public init(_ file: SafetensorsFile, _ table: DatasetDescription.Table) throws(TensorError) {
        let rows = try file.tensor("\(table.name).rows", of: Int32.self, shape: [nil]).elements()
        let values: Values
        switch table.ids {
        case .uint64:
            values = .integers(
                try file.tensor("\(table.name).ids", of: UInt64.self, shape: [rows.count]).elements())
        case .string:
            let bytes = try file.tensor("\(table.name).bytes", of: UInt8.self, shape: [nil]).elements()
            let offsets = try file.tensor("\(table.name).offsets", of: UInt64.self, shape: [rows.count + 1])
                .elements()
            values = .strings(
                zip(offsets, offsets.dropFirst()).map { begin, end in
                    let range = Int(clamping: begin)..<max(Int(clamping: begin), Int(clamping: end))
                    return String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
                })
        }
        self.init(table: table.name, values: values, rows: rows)
    }
}

extension Dataset {
    /// The identifiers of one of its tables; nil where it has no such table.
    public func identifiers(of table: String) throws(DatasetError) -> TableIdentifiers? {
        guard let described = description.tables.first(where: { $0.name == table }) else { return nil }
        let mapped: MappedFile
        do { mapped = try MappedFile(path: vocabularyPath) } catch { throw .file(error) }
        do { return try TableIdentifiers(SafetensorsFile(mapped), described) } catch { throw .tensors(error) }
    }
}

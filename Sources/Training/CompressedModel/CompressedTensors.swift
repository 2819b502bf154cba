internal import DIEN
internal import Files
internal import Tensors

/// One file of a model's tensors, and how each of them is written again.
struct CompressedTensors {
    private enum Part {
        /// As its bytes are.
        case unchanged(TensorDescription)
        /// Row by row in another type.
        case table(MappedTable, name: String, to: ElementType)
    }

    private let name: String
    private let source: SafetensorsFile
    private var parts: [Part] = []
    /// Its embedding tables.
    private(set) var tables: [CompressionResult.Table] = []
    /// Bytes of all its tensors.
    private(set) var byteCount: UInt64 = 0
    private static let pieceBytes = 1 << 20

    init(
        _ file: MappedFile, named name: String, _ configuration: ModelConfiguration, tables type: ElementType?
    ) throws(TrainingError) {
        self.name = name
        do {
            source = try SafetensorsFile(file, named: name)
            for table in configuration.tables where (table.file ?? "model.safetensors") == name {
                try add(table, columns: configuration.embeddingSize, type)
            }
        } catch { throw .invalidTensors(error) }
        let tensors = Set(
            tables.flatMap {
                ["embedding.\($0.name)", SafetensorsFile.scaleName(of: "embedding.\($0.name)")]
            })
        for tensor in source.tensors where !tensors.contains(tensor.name) { parts.append(.unchanged(tensor)) }
        byteCount = source.tensors.reduce(0) { $0 + UInt64($1.bytes.count) }
    }

    private mutating func add(
        _ table: ModelConfiguration.Table, columns: Int, _ type: ElementType?
    ) throws(TensorError) {
        let tensor = "embedding.\(table.name)"
        let found = try source.table(tensor, rows: table.rows, columns: columns)
        let type = type ?? found.type
        if type == found.type {
            let kept = [tensor, SafetensorsFile.scaleName(of: tensor)].compactMap(source.description(of:))
            parts += kept.map(Part.unchanged)
        } else {
            parts.append(.table(found, name: tensor, to: type))
        }
        func bytes(_ type: ElementType) -> UInt64 {
            UInt64(table.rows) * (UInt64(columns * type.size) + (type == .i8 ? 4 : 0))
        }
        tables.append(
            .init(
                name: table.name, before: found.type, after: type, bytesBefore: bytes(found.type),
                bytesAfter: bytes(type)))
    }

    /// Writes the file; tells how many of the source's bytes each piece had, and ends where `advance` says so.
    /// → whether it is whole.
    func write(
        to folder: StagedFolder, advance: (UInt64) -> Bool
    ) throws(TrainingError) -> Bool {
        do {
            let writer = try SafetensorsWriter(
                path: folder.file(name), tensors: parts.flatMap(Self.declarations))
            for part in parts {
                let isWhole =
                    switch part {
                    case .unchanged(let tensor): try copy(tensor, to: writer, advance)
                    case .table(let table, let name, let type):
                        try convert(table, name, to: type, writer, advance)
                    }
                guard isWhole else { return false }
            }
            try writer.finish()
            return true
        } catch let error as TensorError {
            throw .invalidTensors(error)
        } catch let error as TrainingError {
            throw error
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static func declarations(_ part: Part) -> [SafetensorsWriter.Declaration] {
        switch part {
        case .unchanged(let tensor): [.init(tensor.name, tensor.type, tensor.shape)]
        case .table(let table, let name, let type):
            [.init(name, type, [table.rows, table.columns])]
                + (type == .i8 ? [.init(SafetensorsFile.scaleName(of: name), .f32, [table.rows])] : [])
        }
    }

    private func copy(
        _ tensor: TensorDescription, to writer: SafetensorsWriter, _ advance: (UInt64) -> Bool
    ) throws(TensorError) -> Bool {
        for start in stride(from: 0, to: tensor.bytes.count, by: Self.pieceBytes) {
            let range = start..<min(start + Self.pieceBytes, tensor.bytes.count)
            try writer.append(encoded: source.bytes(of: tensor, range), to: tensor.name)
            if advance(UInt64(range.count)) { return false }
        }
        return true
    }

    private func convert(
        _ table: MappedTable, _ name: String, to type: ElementType, _ writer: SafetensorsWriter,
        _ advance: (UInt64) -> Bool
    ) throws -> Bool {
        let piece = max(1, Self.pieceBytes / (4 * table.columns))
        var floats = Matrix(rows: min(piece, table.rows), columns: table.columns)
        for start in stride(from: 0, to: table.rows, by: piece) {
            let rows = start..<min(start + piece, table.rows)
            table.gather(Array(rows), 0..<rows.count, into: &floats, row: 0, column: 0)
            let narrowed = floats.narrowed(to: type, rows: rows.count)
            if let row = narrowed.firstOverflow {
                throw TrainingError.unrepresentable(
                    table: String(name.dropFirst("embedding.".count)), row: start + row, type: type.rawValue)
            }
            try writer.append(encoded: narrowed.bytes, to: name)
            if type == .i8 { try writer.append(narrowed.scales, to: SafetensorsFile.scaleName(of: name)) }
            if advance(UInt64(rows.count * table.columns * table.type.size)) { return false }
        }
        return true
    }
}

internal import DIEN
internal import Tensors

/// The identifiers of one table of a vocabulary, and the row of each.
struct TableIdentities {
    /// One identifier.
    enum Identity: Hashable {
        case number(UInt64)
        case text(String)
    }

    let identities: [Identity]
    let rows: [Int32]

    /// The table's part of a vocabulary.safetensors.
    init(_ file: SafetensorsFile, _ table: ModelConfiguration.Table) throws(TrainingError) {
        do {
            switch table.ids {
            case .uint64:
                identities = try file.tensor("\(table.name).ids", of: UInt64.self, shape: [nil]).elements()
                    .map(Identity.number)
            case .string:
                let bytes = try file.tensor("\(table.name).bytes", of: UInt8.self, shape: [nil]).elements()
                let offsets = try file.tensor("\(table.name).offsets", of: UInt64.self, shape: [nil])
                    .elements()
                var texts: [Identity] = []
                for (begin, end) in zip(offsets, offsets.dropFirst()) {
                    guard begin <= end, end <= UInt64(bytes.count) else {
                        throw TensorError.malformedTensor(
                            path: file.path, tensor: "\(table.name).offsets", offset: 0,
                            reason: "they do not ascend inside the bytes")
                    }
                    texts.append(.text(String(decoding: bytes[Int(begin)..<Int(end)], as: UTF8.self)))
                }
                identities = texts
            }
            rows = try file.tensor("\(table.name).rows", of: Int32.self, shape: [identities.count]).elements()
        } catch let error as TensorError { throw .invalidTensors(error) } catch {
            preconditionFailure("only these are thrown")
        }
        guard rows.allSatisfy({ $0 >= 0 && $0 < table.rows }) else {
            throw .invalidTensors(
                .malformedTensor(
                    path: file.path, tensor: "\(table.name).rows", offset: 0,
                    reason: "a row outside 0..<\(table.rows)"))
        }
    }

    /// One identifier of each row that has any; row 0 stands for all that are unknown.
    var identityOfRow: [Int: Identity] {
        Dictionary(zip(rows.map(Int.init), identities), uniquingKeysWith: { first, _ in first })
    }
}

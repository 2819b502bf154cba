internal import Files

/// Writes a safetensors file whose tensors are declared first and filled chunk by chunk, each in C order, several in
/// turn as it suits the caller: memory is one small buffer a tensor, whatever their sizes.
///
/// The file stands under `path` + ".partial" until ``finish()``, which makes it durable and renames it, so that nobody
/// sees half of one. Dropping an unfinished writer removes what it wrote. Owned by one thread.
public final class SafetensorsWriter {
    /// A tensor to come.
    public struct Declaration: Sendable, Equatable {
        /// Its name, unique in the file: 1 to 255 letters, digits, '.', '_' or '-'.
        public var name: String
        /// The type of each element.
        public var type: ElementType
        /// The extents, outermost first.
        public var shape: [Int]

        /// A tensor of this name, type and shape.
        public init(_ name: String, _ type: ElementType, _ shape: [Int]) {
            self.name = name
            self.type = type
            self.shape = shape
        }

        /// Bytes of its elements.
        var byteCount: Int { shape.reduce(type.size, *) }
    }

    /// What is still to be written of one tensor.
    private struct Column {
        let declaration: Declaration
        /// Where the next byte that is not yet in the file goes.
        var position: Int
        let end: Int
        var buffer: [UInt8] = []

        var missing: Int { end - position - buffer.count }
    }

    /// The data area starts at a multiple of this, so that mapped rows are aligned to pages.
    public static let alignment = 4096
    private static let bufferBytes = 1 << 16

    private let path: String
    private let partial: String
    private let file: PositionedFile
    private var columns: [Column] = []
    private var positions: [String: Int] = [:]
    private var isFinished = false

    /// Creates the file and reserves its space.
    ///
    /// Wider elements come first, in the order of the declarations otherwise, so that each tensor is aligned to its
    /// elements without holes.
    /// - Throws: `malformedTensor` for a name that the format or another tensor forbids; `file`.
    public init(
        path: String, tensors: [Declaration], metadata: [String: String] = [:]
    ) throws(TensorError) {
        self.path = path
        partial = path + ".partial"
        let ordered = Self.ordered(tensors)
        try Self.check(ordered, path: path)
        let header = Self.header(ordered, metadata)
        var end = header.count
        for (index, declaration) in ordered.enumerated() {
            let begin = end
            end += declaration.byteCount
            columns.append(Column(declaration: declaration, position: begin, end: end))
            positions[declaration.name] = index
        }
        do {
            // What a killed writer left.
            if LocalFileSystem().exists(partial) { try LocalFileSystem().unlink(partial) }
            file = try PositionedFile(creating: partial)
            try file.preallocate(UInt64(end))
            try file.write(header, at: 0)
        } catch { throw .file(error) }
    }

    deinit {
        if !isFinished { try? LocalFileSystem().unlink(partial) }
    }

    /// Appends elements to a declared tensor of their type; precondition: they fit.
    public func append<Element: TensorElement>(_ values: Span<Element>, to name: String) throws(TensorError) {
        try unsafe values.withUnsafeBufferPointer { (pointer) throws(TensorError) in
            try unsafe append(UnsafeRawBufferPointer(pointer), of: Element.elementType, to: name)
        }
    }

    /// Appends elements to a declared tensor of their type; precondition: they fit.
    public func append<Element: TensorElement>(_ values: [Element], to name: String) throws(TensorError) {
        // Not through the array's span: Swift 6.3.1 optimises so that a literal of one element is gone before it is read.
        try unsafe values.withUnsafeBufferPointer { (pointer) throws(TensorError) in
            try unsafe append(UnsafeRawBufferPointer(pointer), of: Element.elementType, to: name)
        }
    }

    /// Appends elements to a declared tensor as the file holds them, little-endian; precondition: they are whole elements
    /// of its type, and they fit.
    public func append(encoded bytes: [UInt8], to name: String) throws(TensorError) {
        guard let index = positions[name] else { preconditionFailure("tensor \(name) was not declared") }
        let type = columns[index].declaration.type
        precondition(bytes.count % type.size == 0, "a part of an element")
        try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(TensorError) in
            try unsafe append(UnsafeRawBufferPointer(bytes), of: type, to: name)
        }
    }

    private func append(
        _ bytes: UnsafeRawBufferPointer, of type: ElementType, to name: String
    ) throws(TensorError) {
        guard let index = positions[name] else { preconditionFailure("tensor \(name) was not declared") }
        precondition(columns[index].declaration.type == type, "tensor \(name) has another type")
        precondition(bytes.count <= columns[index].missing, "more elements than tensor \(name) has")
        if columns[index].buffer.count + bytes.count > Self.bufferBytes { try flush(index) }
        guard bytes.count <= Self.bufferBytes else {
            do { try unsafe file.write(bytes, at: UInt64(columns[index].position)) } catch {
                throw .file(error)
            }
            columns[index].position += bytes.count
            return
        }
        unsafe columns[index].buffer.append(contentsOf: bytes)
    }

    private func flush(_ index: Int) throws(TensorError) {
        let buffer = columns[index].buffer
        let position = UInt64(columns[index].position)
        do { try file.write(buffer, at: position) } catch { throw .file(error) }
        columns[index].position += buffer.count
        columns[index].buffer.removeAll(keepingCapacity: true)
    }

    /// Makes the file durable and gives it its name, in place of what stood there.
    ///
    /// - Throws: `unwrittenElements` when a tensor has not got all of its elements; `file`.
    public func finish() throws(TensorError) {
        for index in columns.indices {
            try flush(index)
            let column = columns[index]
            guard column.missing == 0 else {
                throw .unwrittenElements(
                    path: path, tensor: column.declaration.name,
                    missing: column.missing / column.declaration.type.size)
            }
        }
        do {
            try file.synchronize()
            try file.close()
            try LocalFileSystem().rename(partial, to: path)
            isFinished = true
            try LocalFileSystem().synchronizeDirectory(Self.folder(of: path))
        } catch { throw .file(error) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

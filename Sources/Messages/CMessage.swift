import CProtobufC

/// What each message type of this module supplies, so that decoding and encoding are written once.
protocol CMessage: ProtobufMessage {
    /// protobuf-c's struct for the message.
    associatedtype CType

    /// The generated code's description of it.
    static var descriptor: MessageDescriptor { get }

    /// Copies a decoded message. Throws for what the definition allows and we do not.
    init(copying message: CType) throws(MessageError)

    /// Sets the fields of an initialised struct; what they point to comes from `arena`.
    func fill(_ message: inout CType, in arena: Arena)
}

extension CMessage {
    /// The body of every `init(serialized:)`.
    static func decode(_ bytes: RawSpan) throws(MessageError) -> Self {
        var check = WireCheck()
        let view = Span<UInt8>(_bytes: bytes)
        try check.check(view, descriptor)
        // Per byte: a packed id of one byte becomes eight, a text is copied. Per field: the largest struct, its
        // pointer, protobuf-c's own bookkeeping.
        let arena = Arena(limit: 65_536 + 16 * bytes.byteCount + 256 * check.fields)
        let decoded = unsafe bytes.withUnsafeBytes { raw in
            unsafe arena.withAllocator { allocator in
                unsafe protobuf_c_message_unpack(
                    descriptor.pointer, allocator, raw.count,
                    raw.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
        guard let decoded = unsafe decoded else {
            if arena.isExhausted { throw .tooLarge(message: descriptor.name, limit: arena.limit) }
            throw .malformed(message: descriptor.name, offset: 0)
        }
        let result = try unsafe Self(
            copying: UnsafeRawPointer(decoded).assumingMemoryBound(to: CType.self).pointee)
        withExtendedLifetime(arena) {}
        return result
    }

    /// The body of every `serialized()`.
    func encode() -> [UInt8] {
        let arena = Arena(limit: .max)
        let message = unsafe build(in: arena)
        let base = unsafe UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
        let length = unsafe protobuf_c_message_get_packed_size(base)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            count =
                if let start = buffer.baseAddress { unsafe protobuf_c_message_pack(base, start) } else { 0 }
        }
        withExtendedLifetime(arena) {}
        return bytes
    }

    /// The message as protobuf-c's struct, in memory of `arena`.
    func build(in arena: Arena) -> UnsafeMutablePointer<CType> {
        let memory = unsafe arena.required(MemoryLayout<CType>.size)
        unsafe protobuf_c_message_init(
            Self.descriptor.pointer, memory.assumingMemoryBound(to: ProtobufCMessage.self))
        let message = unsafe memory.bindMemory(to: CType.self, capacity: 1)
        unsafe fill(&message.pointee, in: arena)
        return unsafe message
    }
}

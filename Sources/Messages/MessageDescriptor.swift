import CProtobufC

/// protobuf-c's description of a message: static, immutable data of the generated code.
///
/// `@unchecked Sendable`: nobody writes what the pointer leads to.
@safe struct MessageDescriptor: @unchecked Sendable {
    let pointer: UnsafePointer<ProtobufCMessageDescriptor>

    /// The descriptor of the message type that a generated `…__init` function fills in. Reading it out of a message
    /// is the only way to its address: Swift imports the C constant as a value.
    init<CType>(of initialize: (UnsafeMutablePointer<CType>?) -> Void) {
        let message = UnsafeMutablePointer<CType>.allocate(capacity: 1)
        defer { unsafe message.deallocate() }
        unsafe initialize(message)
        let base = unsafe UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
        guard let descriptor = unsafe base.pointee.descriptor else {
            preconditionFailure("a generated message has a descriptor")
        }
        unsafe pointer = unsafe descriptor
    }

    private init(_ pointer: UnsafePointer<ProtobufCMessageDescriptor>) {
        unsafe self.pointer = unsafe pointer
    }

    /// The name with its package, such as `dien.v1.RankRequest`.
    var name: String { unsafe String(cString: pointer.pointee.name) }

    /// The field of this number, or nil.
    func field(_ number: UInt32) -> Field? {
        for index in 0..<Int(unsafe pointer.pointee.n_fields) {
            let field = unsafe pointer.pointee.fields.advanced(by: index)
            if unsafe field.pointee.id == number { return unsafe Field(field) }
        }
        return nil
    }

    /// A field's description.
    @safe struct Field {
        private let pointer: UnsafePointer<ProtobufCFieldDescriptor>

        fileprivate init(_ pointer: UnsafePointer<ProtobufCFieldDescriptor>) {
            unsafe self.pointer = unsafe pointer
        }

        var name: String { unsafe String(cString: pointer.pointee.name) }

        /// Whether content of this wire type can be a value of the field, or, packed, several. Of packed numbers
        /// only the end is looked at: that the last one is whole.
        func accepts(_ content: Span<UInt8>, wireType: UInt64) -> Bool {
            let expected: UInt64 =
                switch unsafe pointer.pointee.type {
                case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: 2
                case PROTOBUF_C_TYPE_FLOAT, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32: 5
                case PROTOBUF_C_TYPE_DOUBLE, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64: 1
                default: 0
                }
            if wireType == expected { return true }
            guard wireType == 2, unsafe pointer.pointee.label == PROTOBUF_C_LABEL_REPEATED else {
                return false
            }
            switch expected {
            case 5: return content.count.isMultiple(of: 4)
            case 1: return content.count.isMultiple(of: 8)
            default: return content.isEmpty || content[content.count - 1] < 0x80
            }
        }

        var isText: Bool { unsafe pointer.pointee.type == PROTOBUF_C_TYPE_STRING }

        /// The type of a sub-message; nil for every other type.
        var message: MessageDescriptor? {
            guard unsafe pointer.pointee.type == PROTOBUF_C_TYPE_MESSAGE,
                let descriptor = unsafe pointer.pointee.descriptor
            else { return nil }
            return unsafe MessageDescriptor(
                descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
        }
    }
}

import CProtobufC

/// A decoded text; protobuf-c leaves the pointer to an empty one where the field was absent.
func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    guard let pointer = unsafe pointer else { return "" }
    return unsafe String(cString: pointer)
}

/// A decoded repeated text field.
func texts(_ pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
    unsafe UnsafeBufferPointer(start: pointer, count: count).map { unsafe text($0) }
}

/// A decoded field of bytes.
func octets(_ data: ProtobufCBinaryData) -> [UInt8] { unsafe column(data.data, data.len) }

/// A decoded column of numbers, copied at once.
func column<Number: BitwiseCopyable>(_ pointer: UnsafeMutablePointer<Number>?, _ count: Int) -> [Number] {
    unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
}

/// A decoded message field; nil where it was absent. Errors are told as those of ``messages(_:_:field:)``.
func submessage<Message: CMessage>(
    _ pointer: UnsafeMutablePointer<Message.CType>?, field: String
) throws(MessageError) -> Message? {
    guard let pointer = unsafe pointer else { return nil }
    do throws(MessageError) {
        return try unsafe Message(copying: pointer.pointee)
    } catch { throw error.within(field) }
}

/// A decoded repeated message field. Errors are told from the view of the message that has it, as `field`.
func messages<Message: CMessage>(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<Message.CType>?>?, _ count: Int, field: String
) throws(MessageError) -> [Message] {
    var messages: [Message] = []
    messages.reserveCapacity(count)
    for index in 0..<count {
        guard let element = unsafe pointer?[index] else { continue }
        do throws(MessageError) {
            try messages.append(unsafe Message(copying: element.pointee))
        } catch { throw error.within(field) }
    }
    return messages
}

extension Arena {
    /// `count` bytes of an arena without a limit.
    func required(_ count: Int) -> UnsafeMutableRawPointer {
        guard let memory = unsafe allocate(count) else {
            preconditionFailure("an arena for encoding has no limit")
        }
        return unsafe memory
    }

    /// A copy of `text` as C wants it, without its U+0000.
    func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        var text = text
        return text.withUTF8 { utf8 in
            let memory = unsafe required(utf8.count + 1).bindMemory(to: CChar.self, capacity: utf8.count + 1)
            var length = 0
            for index in 0..<utf8.count {
                let byte = unsafe utf8[index]
                guard byte != 0 else { continue }
                unsafe memory[length] = CChar(bitPattern: byte)
                length += 1
            }
            unsafe memory[length] = 0
            return unsafe memory
        }
    }

    /// A copy of a column of numbers; nil when it is empty.
    func copy<Number: BitwiseCopyable>(_ numbers: [Number]) -> UnsafeMutablePointer<Number>? {
        guard !numbers.isEmpty else { return nil }
        let memory = unsafe required(numbers.count * MemoryLayout<Number>.stride)
            .bindMemory(to: Number.self, capacity: numbers.count)
        unsafe numbers.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe memory.initialize(from: start, count: source.count)
        }
        return unsafe memory
    }

    /// A copy of bytes.
    func data(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        unsafe ProtobufCBinaryData(len: bytes.count, data: copy(bytes))
    }

    /// Copies of texts, and the list of pointers to them; nil when there are none.
    func copy(_ texts: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
        unsafe list(texts) { unsafe copy($0) }
    }

    /// Messages as protobuf-c's structs, and the list of pointers to them; nil when there are none.
    func copy<Message: CMessage>(
        _ messages: [Message]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message.CType>?>? {
        unsafe list(messages) { unsafe $0.build(in: self) }
    }

    private func list<Value, Pointee>(
        _ values: [Value], _ element: (Value) -> UnsafeMutablePointer<Pointee>
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?>? {
        guard !values.isEmpty else { return nil }
        let memory = unsafe required(values.count * MemoryLayout<UnsafeMutablePointer<Pointee>?>.stride)
            .bindMemory(to: UnsafeMutablePointer<Pointee>?.self, capacity: values.count)
        for (index, value) in values.enumerated() {
            unsafe memory.advanced(by: index).initialize(to: element(value))
        }
        return unsafe memory
    }
}

import Tensors

/// A safetensors file in the making.
struct TensorsWriter {
    private var entries: [String] = []
    private var data: [UInt8] = []

    mutating func add(_ name: String, _ type: String, shape: [Int], bytes: [UInt8]) {
        let extents = shape.map(String.init).joined(separator: ",")
        let offsets = "\(data.count),\(data.count + bytes.count)"
        entries.append(#""\#(name)":{"dtype":"\#(type)","shape":[\#(extents)],"data_offsets":[\#(offsets)]}"#)
        data += bytes
    }

    mutating func add(_ name: String, _ values: [Float], shape: [Int]) {
        add(name, "F32", shape: shape, bytes: values.flatMap { bytes(of: UInt64($0.bitPattern), count: 4) })
    }

    mutating func add(_ name: String, _ values: [Int32]) {
        let all = values.flatMap { bytes(of: UInt64(UInt32(bitPattern: $0)), count: 4) }
        add(name, "I32", shape: [values.count], bytes: all)
    }

    mutating func add(_ name: String, _ values: [UInt64]) {
        add(name, "U64", shape: [values.count], bytes: values.flatMap { bytes(of: $0, count: 8) })
    }

    mutating func add(_ name: String, text: [UInt8]) { add(name, "U8", shape: [text.count], bytes: text) }

    var file: [UInt8] {
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        return bytes(of: UInt64(header.count), count: 8) + header + data
    }

    private func bytes(of value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

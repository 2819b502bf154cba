import Tensors

extension GoldenCase {
    /// What the tests keep embedding tables in.
    static let narrowTypes: [ElementType] = [.f16, .bf16, .i8]

    /// The model folder with its embedding tables in another type, rounded here in plain Swift.
    func folder(tables type: ElementType) throws -> MemoryModel {
        var model = try folder()
        var writer = TensorsWriter()
        for tensor in file.tensors where tensor.name.hasPrefix("param.") {
            let name = String(tensor.name.dropFirst("param.".count))
            let values = try floats(tensor.name)
            if name.hasPrefix("embedding.") {
                writer.addTable(name, values, columns: tensor.shape[1], type)
            } else {
                writer.add(name, values, shape: tensor.shape)
            }
        }
        model.files["model.safetensors"] = writer.file
        return model
    }
}

extension TensorsWriter {
    /// A table whose values are rounded to the nearest; of int8 its scales too.
    mutating func addTable(_ name: String, _ values: [Float], columns: Int, _ type: ElementType) {
        let shape = [values.count / columns, columns]
        switch type {
        case .f16:
            let halves = values.flatMap { Self.bytes(Float16($0).bitPattern) }
            add(name, "F16", shape: shape, bytes: halves)
        case .bf16:
            add(name, "BF16", shape: shape, bytes: values.flatMap { Self.bytes(Self.upperHalf($0)) })
        case .i8:
            var scales: [Float] = []
            var bytes: [UInt8] = []
            for row in stride(from: 0, to: values.count, by: columns) {
                let row = values[row..<row + columns]
                let scale = row.reduce(0) { max($0, abs($1)) } / 127
                scales.append(scale)
                bytes += row.map { UInt8(bitPattern: Int8(scale > 0 ? ($0 / scale).rounded() : 0)) }
            }
            add(name, "I8", shape: shape, bytes: bytes)
            add(name + ".scale", scales, shape: [scales.count])
        default: add(name, values, shape: shape)
        }
    }

    private static func bytes(_ half: UInt16) -> [UInt8] { [UInt8(half & 0xff), UInt8(half >> 8)] }

    /// The nearer of the two bfloat16 beside a value; of two as near, the even one.
    static func upperHalf(_ value: Float) -> UInt16 {
        let low = UInt16(value.bitPattern >> 16)
        let below = Float(bitPattern: UInt32(low) << 16)
        let above = Float(bitPattern: (UInt32(low) + 1) << 16)
        let (toLow, toHigh) = (abs(Double(value) - Double(below)), abs(Double(value) - Double(above)))
        if toLow == toHigh { return low % 2 == 0 ? low : low + 1 }
        return toLow < toHigh ? low : low + 1
    }
}

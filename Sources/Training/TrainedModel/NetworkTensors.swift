internal import DIEN
internal import Files
internal import Tensors

/// A network's parameters as the tensors of a model folder: each [outputs, inputs] again, put together from the parameters
/// that are trained apart, with the stored moments beside them.
struct NetworkTensors {
    let network: Network

    /// Writes model.safetensors, and the tables that the configuration gives files of their own.
    func write(to folder: StagedFolder) throws(TensorError) {
        let apart = Dictionary(
            uniqueKeysWithValues: network.configuration.tables.compactMap { table in
                table.file.map { (table.name, $0) }
            })
        let tables = network.parameters.tables
        let main = try SafetensorsWriter(
            path: folder.file("model.safetensors"),
            tensors: dense() + moments() + tables.filter { apart[$0.name] == nil }.map(declaration))
        for (name, parameters) in tensors() { try append(parameters, name, to: main) }
        for moments in network.parameters.moments {
            try main.append(moments.mean, to: "\(moments.name).moving_mean")
            try main.append(moments.variance, to: "\(moments.name).moving_variance")
        }
        for table in tables {
            guard let file = apart[table.name] else {
                try main.append(table.value, to: "embedding.\(table.name)")
                continue
            }
            let alone = try SafetensorsWriter(path: folder.file(file), tensors: [declaration(table)])
            try alone.append(table.value, to: "embedding.\(table.name)")
            try alone.finish()
        }
        try main.finish()
    }

    /// The parameters of each tensor, by their outputs.
    private func tensors() -> [(name: String, parameters: [Parameter])] {
        var names: [String] = []
        var parameters: [String: [Parameter]] = [:]
        for parameter in network.parameters.dense {
            if parameters[parameter.name] == nil { names.append(parameter.name) }
            parameters[parameter.name, default: []].append(parameter)
        }
        return names.map { name in
            (name, parameters[name, default: []].sorted { $0.outputs.lowerBound < $1.outputs.lowerBound })
        }
    }

    private func dense() -> [SafetensorsWriter.Declaration] {
        tensors().map { name, parameters in
            let outputs = parameters.reduce(0) { $0 + $1.outputs.count }
            return .init(
                name, .f32, parameters[0].isVector ? [outputs] : [outputs, parameters[0].value.rows])
        }
    }

    private func moments() -> [SafetensorsWriter.Declaration] {
        network.parameters.moments.flatMap { moments in
            ["moving_mean", "moving_variance"].map {
                SafetensorsWriter.Declaration("\(moments.name).\($0)", .f32, [moments.mean.columns])
            }
        }
    }

    private func declaration(_ table: EmbeddingTable) -> SafetensorsWriter.Declaration {
        .init("embedding.\(table.name)", .f32, [table.value.rows, table.value.columns])
    }

    private func append(
        _ parameters: [Parameter], _ name: String, to writer: SafetensorsWriter
    ) throws(TensorError) {
        for parameter in parameters {
            try writer.append(parameter.value.transposed(), to: name)
        }
    }
}

internal import Files
internal import Tensors

/// The files of tensors of a model, mapped and their headers checked.
struct ModelTensors {
    /// Identifiers to rows.
    let vocabulary: SafetensorsFile
    /// The weights, with the tables that stand apart.
    let parameters: ModelParameters
    /// Every file of them, which stays mapped as long as the model lives.
    let mappedFiles: [MappedFile]

    /// - Parameter precision: of the products with the weights.
    init(
        of files: some ModelFiles, _ configuration: ModelConfiguration, precision: Precision = .fp32
    ) throws(ModelError) {
        var mapped: [MappedFile] = []
        func tensors(_ name: String) throws(ModelError) -> SafetensorsFile {
            let file = try files.open(name)
            mapped.append(file)
            return try SafetensorsFile(of: file, named: name)
        }
        vocabulary = try tensors("vocabulary.safetensors")
        let weights = try tensors("model.safetensors")
        var tables: [String: SafetensorsFile] = [:]
        for name in configuration.tableFiles { tables[name] = try tensors(name) }
        parameters = ModelParameters(weights, tableFiles: tables, precision: precision)
        mappedFiles = mapped
    }
}

extension SafetensorsFile {
    /// A file of a model, called by its name there.
    fileprivate init(of file: MappedFile, named name: String) throws(ModelError) {
        do { try self.init(file, named: name) } catch { throw .invalidTensors(error) }
    }
}

extension ModelFiles {
    /// Maps a file of tensors and checks its header.
    func tensors(_ name: String) throws(ModelError) -> SafetensorsFile {
        try SafetensorsFile(of: open(name), named: name)
    }
}

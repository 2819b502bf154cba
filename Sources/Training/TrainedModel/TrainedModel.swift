public import DIEN
internal import Files
public import Tensors

/// A trained network as a model folder, `dien-model/1`, that is pushed and served.
public struct TrainedModel {
    /// What is written; its tables have to be caught up (``Adam/catchUp()``).
    public let network: Network
    /// The vocabulary.safetensors of the data set that it was trained on; copied unchanged.
    public let vocabularyPath: String
    /// 1 to 1024 real requests, of which the folder's golden.jsonl is made.
    public let requests: [RankingInput]
    /// Facts of the training, for config.json.
    public let metadata: [JSONValue.Member]

    /// A folder to be written.
    public init(
        network: Network, vocabularyPath: String, requests: [RankingInput],
        metadata: [JSONValue.Member] = []
    ) {
        self.network = network
        self.vocabularyPath = vocabularyPath
        self.requests = requests
        self.metadata = metadata
    }

    /// Writes the folder so that it is there whole or not at all, and durably. Its golden probabilities are those that
    /// the serving model gives, which is loaded from the files as they were written and checks them.
    ///
    /// - Parameter replacing: whether a model folder that stands there is replaced; otherwise it is refused.
    public func write(to path: String, replacing: Bool = false) throws(TrainingError) {
        let folder = try Self.folder(at: path, replacing: replacing)
        let configuration = network.configuration.document(metadata: metadata).serialised + "\n"
        do {
            try folder.write("config.json", Array(configuration.utf8))
            try folder.copy(MappedFile(path: vocabularyPath), to: "vocabulary.safetensors")
        } catch { throw .file(error) }
        do { try NetworkTensors(network: network).write(to: folder) } catch { throw .invalidTensors(error) }
        let golden = try goldenLines(of: folder)
        do { try folder.write("golden.jsonl", golden) } catch { throw .file(error) }
        do {
            _ = try Model(files: ModelFolder(path: folder.staging)).verifyGolden()
        } catch { throw .invalidModel(error) }
        do { try folder.commit() } catch { throw .file(error) }
    }

    static func folder(at path: String, replacing: Bool) throws(TrainingError) -> StagedFolder {
        do {
            switch try StagedFolder.occupant(of: path, knownBy: "config.json") {
            case .nothing: return try StagedFolder(path)
            case .known where replacing: return try StagedFolder(path)
            case .known, .foreignFolder, .other: break
            }
        } catch { throw .file(error) }
        throw .outputExists(path: path)
    }

    /// Scored by the model that serving would load; until they are known, a line stands for them that says nothing.
    private func goldenLines(of folder: StagedFolder) throws(TrainingError) -> [UInt8] {
        let model: Model
        do { model = try Model(files: UngoldenFolder(path: folder.staging)) } catch {
            throw .invalidModel(error)
        }
        var lines = ""
        for (index, request) in requests.prefix(1024).enumerated() {
            do { lines += GoldenLine.text(request, try model.score(request).probabilities) } catch {
                throw .invalidRequest(number: index + 1, reason: error.description)
            }
        }
        return Array(lines.utf8)
    }
}

/// A model folder whose golden requests are still to be scored.
private struct UngoldenFolder: ModelFiles {
    let path: String

    func map(_ name: String) throws -> MappedFile {
        guard name == "golden.jsonl" else { return try MappedFile(path: "\(path)/\(name)") }
        let line = #"{"candidates": {"none": [0]}, "probabilities": [0]}"#
        return try MappedFile(copying: Array(line.utf8), path: name)
    }
}

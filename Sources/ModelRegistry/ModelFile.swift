/// One file of a model folder and the media type of its blob. The registry knows names and types, not contents.
public struct ModelFile: Sendable, Hashable {
    /// Its name in the folder and in the manifest.
    public let name: String
    /// What the blob's descriptor says it is.
    public let mediaType: String

    /// A file of a folder that `push` takes.
    public init(name: String, mediaType: String) {
        self.name = name
        self.mediaType = mediaType
    }

    /// The media type of tensors that are weights.
    public static let weightsMediaType = "application/vnd.dien.weights.v1+safetensors"

    /// The four files of a `dien-model/1` folder.
    public static let all = [
        ModelFile(name: "config.json", mediaType: "application/vnd.dien.config.v1+json"),
        ModelFile(name: "golden.jsonl", mediaType: "application/vnd.dien.golden.v1+jsonl"),
        ModelFile(name: "model.safetensors", mediaType: weightsMediaType),
        ModelFile(
            name: "vocabulary.safetensors", mediaType: "application/vnd.dien.vocabulary.v1+safetensors"),
    ]
}

internal import Files
internal import Tensors

/// Checkpoints: everything that the next step depends on, beside the batch.
extension Adam {
    private static let format = "dien-checkpoint/1"

    /// Writes the network's parameters and the optimiser's state to one file, durably, in place of what stood there.
    ///
    /// - Parameter facts: strings that ``restore(from:)`` gives back; names beginning with "dien." are taken.
    public func save(to path: String, facts: [String: String] = [:]) throws(TrainingError) {
        var metadata = facts
        metadata["dien.format"] = Self.format
        metadata["dien.optimiser"] = constants
        metadata["dien.moment_batches"] = "\(movingMoments.batches)"
        let tensors = CheckpointTensors(adam: self)
        do {
            let writer = try SafetensorsWriter(
                path: path, tensors: tensors.declarations(), metadata: metadata)
            try tensors.write(to: writer)
            try writer.finish()
        } catch { throw .checkpoint(error) }
    }

    /// Takes up where ``save(to:facts:)`` left off: the steps from here on give the same bits as they would have there.
    ///
    /// The network has to be of the same configuration and the options the same, but for the learning rate and clipping.
    /// After an error the network and the optimiser are not to be used.
    /// - Returns: the facts.
    @discardableResult
    public func restore(from path: String) throws(TrainingError) -> [String: String] {
        let file: SafetensorsFile
        do { file = try SafetensorsFile(MappedFile(path: path)) } catch let error as TensorError {
            throw .checkpoint(error)
        } catch let error as FileError {
            throw .checkpoint(.file(error))
        } catch { preconditionFailure("only these are thrown") }
        guard file.metadata["dien.format"] == Self.format,
            let batches = file.metadata["dien.moment_batches"].flatMap({ Int($0) }), batches >= 0
        else { throw .unusableCheckpoint(path: path, reason: "it is no \(Self.format)") }
        guard file.metadata["dien.optimiser"] == constants else {
            throw .unusableCheckpoint(
                path: path,
                reason: "it was made with \(file.metadata["dien.optimiser", default: "?"]), not \(constants)")
        }
        do { try CheckpointTensors(adam: self).read(file) } catch { throw .checkpoint(error) }
        movingMoments = MovingMoments(batches: batches)
        return file.metadata.filter { !$0.key.hasPrefix("dien.") }
    }

    private var constants: String {
        "beta1 \(options.beta1), beta2 \(options.beta2), epsilon \(options.epsilon), "
            + "weight decay \(options.weightDecay)"
    }
}

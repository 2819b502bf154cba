internal import Files

/// How much memory loading a model takes, known before it is loaded.
public struct MemoryRequirement: Sendable, Equatable {
    /// Bytes of mapped files: pages that the kernel may drop and read again.
    public let mappedBytes: UInt64
    /// Most bytes of memory of the process's own while loading: what has to be free.
    public let anonymousBytes: UInt64
}

extension Model {
    /// Whether a file of the model lost a page since it was mapped: its scores mean nothing any more. A load a file.
    public var isDamaged: Bool { mappedFiles.contains(where: \.isDamaged) }

    /// An upper estimate of what loading a model takes, from its config.json and the sizes of its files.
    ///
    /// - Parameters:
    ///   - files: of which config.json alone is mapped.
    ///   - sizes: bytes of each file by name, as a manifest or a folder tells them; a missing one counts as empty.
    ///   - copied: whether `files` reads files into memory instead of mapping them.
    public static func requirement(
        files: some ModelFiles, sizes: [String: UInt64], copied: Bool
    ) throws(ModelError) -> MemoryRequirement {
        let configuration = try ModelConfiguration(of: files)
        let weights = (["model.safetensors"] + configuration.tableFiles).reduce(UInt64(0)) { sum, name in
            sum.saturatingAdd(sizes[name] ?? 0)
        }
        let vocabulary = sizes["vocabulary.safetensors"] ?? 0
        let golden = sizes["golden.jsonl"] ?? 0
        // The tables stay mapped, whatever their elements are; nothing else of a file is larger than the configuration says.
        let dense = min(weights, UInt64(configuration.networkFloats * MemoryLayout<Float>.size))
        // A dense weight is there three times while it is packed, and its rows are padded; a vocabulary is copied to be
        // checked; a line of JSON becomes values of several times its length.
        let loading = dense.saturatingMultiply(4).saturatingAdd(vocabulary)
            .saturatingAdd(golden.saturatingMultiply(8)).saturatingAdd(1 << 20)
        let whole = weights.saturatingAdd(vocabulary)
        return MemoryRequirement(
            mappedBytes: copied ? 0 : whole,
            anonymousBytes: copied ? whole.saturatingAdd(loading) : loading)
    }
}

extension ModelConfiguration {
    /// Floats of all weights outside the embedding tables.
    var networkFloats: Int {
        let (d, h) = (itemSize, hiddenSize)
        let widths = [headInputSize] + headHidden + [2]
        // An activation has up to three values a channel.
        var count = 2 * headInputSize
        for (inputs, outputs) in zip(widths, widths.dropFirst()) { count += outputs * (inputs + 4) }
        if architecture.isRecurrent { count += 3 * h * (d + h + 1) + 3 * h * (2 * h + 1) + 2 * h }
        if architecture == .wideDeep { count += 2 * (3 * d + 1) }
        if architecture == .din || architecture.isRecurrent { count += h * (d + 2) }
        if let first = attentionHidden.first, let second = attentionHidden.last {
            count += first * (4 * max(d, h) + 1) + second * (first + 1) + second + 1
        }
        return count
    }
}

extension UInt64 {
    fileprivate func saturatingAdd(_ other: UInt64) -> UInt64 {
        let sum = addingReportingOverflow(other)
        return sum.overflow ? .max : sum.partialValue
    }

    fileprivate func saturatingMultiply(_ other: UInt64) -> UInt64 {
        let product = multipliedReportingOverflow(by: other)
        return product.overflow ? .max : product.partialValue
    }
}

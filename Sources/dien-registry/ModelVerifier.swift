import DIEN
import ModelRegistry
import OfflineEvaluation
import Tensors

/// One check of a version and what it found.
struct VersionCheck: Encodable {
    let check: String
    let ok: Bool
    let detail: String

    /// For people.
    var text: String { "\(ok ? "ok     " : "refused") \(Output.padded(check, 33)) \(detail)" }
}

/// Loads a version exactly as a server does and scores its golden requests. The checks made so far are kept, the failed
/// one too.
final class ModelVerifier {
    private(set) var checks: [VersionCheck] = []
    /// What the golden requests showed, once they are scored.
    private(set) var change: ScoreChange?
    private let precision: Precision?
    private let tolerance: Float

    /// - Parameters:
    ///   - precision: of the network; nil: as the version is configured.
    ///   - tolerance: tightens that of the version.
    init(precision: Precision? = nil, tolerance: Float = .infinity) {
        self.precision = precision
        self.tolerance = tolerance
    }

    /// Throws at the first check that fails.
    func verify(_ files: VersionFiles) throws {
        for (name, descriptor) in files.manifest.files.sorted(by: { $0.key < $1.key }) {
            try run("digest of \(name)") {
                _ = try files.map(name)
                return "\(descriptor.digest), \(Output.size(descriptor.size))"
            }
        }
        // The digests were just computed over the same pages.
        let checked = VersionFiles(
            registry: files.registry, manifest: files.manifest, verifyingDigests: false)
        var loaded: Model?
        try run("structure and finite weights") {
            let model = try Model(files: RegisteredFiles(files: checked), precision: precision)
            loaded = model
            let configuration = model.configuration
            return "\(configuration.architecture.rawValue), \(configuration.preset.rawValue), "
                + "\(configuration.tables.count) tables, \(model.precision.rawValue)"
        }
        guard let model = loaded else { return }
        try run("golden requests") {
            let report = try model.goldenReport(tolerance: tolerance)
            let change = ScoreChange(model, report)
            self.change = change
            if let refusal = model.refusal(of: report) { throw refusal }
            return change.text
        }
    }

    private func run(_ check: String, _ body: () throws -> String) throws {
        do {
            checks.append(VersionCheck(check: check, ok: true, detail: try body()))
        } catch {
            checks.append(VersionCheck(check: check, ok: false, detail: "\(error)"))
            throw error
        }
    }
}

import ArgumentParser
import DIEN
import Files
import Tensors
import Terminal
import Training

/// `dien-train compress`.
struct CompressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compress",
        abstract: "Keep a model's embedding tables, or compute its network, in fewer bits.",
        discussion: """
            Writes a model folder with the same vocabulary and the same golden requests, whose probabilities are those \
            of float32: what the new model changes of them is told, and beyond precision_tolerance of its config.json \
            (0.002 unless it says otherwise) nothing is written.

            TABLES
              fp32  as trained, 4 bytes a value
              fp16  2 bytes, 11 bits of each value
              bf16  2 bytes, 8 bits of each value, any magnitude
              int8  1 byte and a scale a row: the largest value of a row / 127

            Values are rounded to the nearest, ties to even. Tables are read and written a few rows at a time, so that \
            their size does not matter. --precision bf16 says what the network is computed in when the version is \
            served; its weights stay in the folder as they are.

            EXAMPLES
              dien-train compress models/dien --tables fp16 --output models/dien-fp16
              dien-train compress --model sports@champion --tables int8 --precision bf16 --output models/small
              dien-train compress models/dien --precision bf16 --tolerance 5e-4 --output models/dien-bf16 --json

            JSON: {"bytes_after":…,"bytes_before":…,"golden":{"candidate":1,"largest":…,"line":6,"mean":…,\
            "requests":16,"tolerance":0.002},"model":…,"output":…,"precision":"bf16","tables":[{"after":"I8","before":\
            "F32","bytes_after":…,"bytes_before":…,"name":"item"},…]}

            EXIT STATUS
              0 done · 2 usage · 4 the model failed a check, or its scores change too much · 5 input or output failed ·
              130 and 143 ended by SIGINT or SIGTERM; nothing is left then
            """)

    /// What tables are kept in.
    enum Storage: String, ExpressibleByArgument, CaseIterable {
        case fp32, fp16, bf16, int8

        var type: ElementType {
            switch self {
            case .fp32: .f32
            case .fp16: .f16
            case .bf16: .bf16
            case .int8: .i8
            }
        }
    }

    @OptionGroup var reference: ModelOptions

    @Option(help: "The new model's folder.", completion: .directory)
    var output: String

    @Option(help: "Keep every embedding table in fp32, fp16, bf16 or int8 (default: as it is).")
    var tables: Storage?

    @Option(
        help: "Compute the network in fp32 or bf16 (default: as it is configured).",
        transform: { argument in
            guard let precision = Precision(rawValue: argument) else {
                throw ValidationError("no precision '\(argument)'; give fp32 or bf16")
            }
            return precision
        })
    var precision: Precision?

    @Option(help: "Write this precision_tolerance: the largest accepted change of a golden probability.")
    var tolerance: Float?

    @Flag(help: "Replace the model folder that stands at the output.")
    var force = false

    @Flag(help: "Print one JSON object on one line instead of text.")
    var json = false

    func validate() throws {
        guard tables != nil || precision != nil else {
            throw ValidationError("say what to compress: --tables, --precision, or both")
        }
        if let tolerance, !(tolerance > 0 && tolerance <= 0.05) {
            throw ValidationError("--tolerance is \(tolerance); give a number above 0, at most 0.05")
        }
    }

    func run() async throws {
        try await ExitStatus.reporting {
            StopSignals.note()
            let (name, files) = try reference.files()
            guard let result = try compress(files) else {
                StandardStream.error.writeLine("dien-train: stopped; nothing is left")
                throw ExitCode(128 + (StopSignals.pending ?? 2))
            }
            let report = CompressionReport(model: name, output: output, result)
            print(json ? report.json : report.text)
        }
    }

    private func compress(_ files: some ModelFiles) throws -> CompressionResult? {
        let model = CompressedModel(
            files, tables: tables?.type, precision: precision, tolerance: tolerance)
        defer { ProgressBar.shared.show("compressing", done: 1, total: 1) { _ in "" } }
        return try model.write(
            to: output, replacing: force,
            report: { done, total in
                // The bar goes when it is full; the golden requests are still to be scored then.
                guard done < total else { return }
                ProgressBar.shared.show("compressing", done: done, total: total) { seconds in
                    "compressing \((total + (1 << 19)) >> 20) MiB, "
                        + "\(ProgressBar.timeLeft(done: done, total: total, seconds: seconds)) left"
                }
            }, isStopping: { StopSignals.pending != nil })
    }
}

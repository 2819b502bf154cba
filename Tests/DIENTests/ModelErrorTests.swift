import DIEN
import Tensors
import Testing

/// Folders that are not served, and what is said about them.
struct ModelErrorTests {
    private func refusal(_ name: String = "dien.paper", _ change: (inout MemoryModel) -> Void) throws
        -> ModelError?
    {
        var folder = try GoldenCase(name).folder()
        change(&folder)
        do {
            _ = try Model(files: folder)
            return nil
        } catch { return error }
    }

    /// The folder with one tensor of model.safetensors replaced, renamed or left out.
    private func changed(
        _ name: String, tensor: String,
        _ change: (inout (name: String, values: [Float], shape: [Int])) -> Void
    ) throws -> ModelError? {
        let golden = try GoldenCase(name)
        var folder = try golden.folder()
        var writer = TensorsWriter()
        for found in golden.file.tensors where found.name.hasPrefix("param.") {
            var entry = (
                name: String(found.name.dropFirst(6)), values: try golden.floats(found.name),
                shape: found.shape
            )
            if entry.name == tensor { change(&entry) }
            if !entry.name.isEmpty { writer.add(entry.name, entry.values, shape: entry.shape) }
        }
        folder.files["model.safetensors"] = writer.file
        do {
            _ = try Model(files: folder)
            return nil
        } catch { return error }
    }

    @Test(arguments: ["config.json", "model.safetensors", "vocabulary.safetensors", "golden.jsonl"])
    func `a file that is not there is named`(file: String) throws {
        let error = try refusal { $0.files[file] = nil }
        guard case .unreadableFile(let name, _) = error else {
            Issue.record("not refused as unreadable: \(String(describing: error))")
            return
        }
        #expect(name == file)
    }

    @Test(arguments: ["embedding.item", "extractor.weight_hidden", "head.1.bias", "head.activation0.alpha"])
    func `a weight that is not finite is refused by name`(tensor: String) throws {
        for value in [Float.nan, .infinity] {
            let error = try changed("dien.paper", tensor: tensor) { $0.values[$0.values.count - 1] = value }
            guard case .invalidTensors(.nonFinite(_, let name, _, _)) = error else {
                Issue.record("not refused: \(String(describing: error))")
                return
            }
            #expect(name == tensor)
        }
    }

    @Test func `a tensor that is missing, misshapen, misnamed or of the other preset is refused`() throws {
        let missing = try changed("dien.paper", tensor: "evolution.bias") { $0.name = "" }
        #expect(
            missing == .invalidTensors(.missingTensor(path: "model.safetensors", tensor: "evolution.bias")))
        let misshapen = try changed("dien.reference", tensor: "attention.1.weight") { $0.shape = [80, 40] }
        let sentence = try #require(misshapen).description
        #expect(sentence.hasPrefix("model.safetensors: tensor \"attention.1.weight\" (byte "))
        #expect(sentence.hasSuffix("is F32 [80, 40], expected F32 [40, 80]"))
        let extra = try refusal("dien.paper") { folder in
            folder[text: "config.json"] = folder[text: "config.json"]
                .replacing(
                    #""preset": "paper","#, with: #""preset": "reference", "attention_hidden": [80, 40],"#)
        }
        #expect(
            extra
                == .invalidTensors(
                    .missingTensor(path: "model.safetensors", tensor: "attention.query.weight")))
        let negative = try changed("dien.paper", tensor: "head.activation1.moving_variance") {
            $0.values[3] = -1
        }
        #expect(negative?.description.contains("element 3 is a negative variance") == true)
    }

    @Test func `a tensor that no layer takes is refused, one of the auxiliary loss is not`() throws {
        for (name, refused) in [("surplus", true), ("auxiliary.9.bias", false)] {
            let golden = try GoldenCase("dien.paper")
            var folder = try golden.folder()
            var writer = TensorsWriter()
            for found in golden.file.tensors where found.name.hasPrefix("param.") {
                writer.add(String(found.name.dropFirst(6)), try golden.floats(found.name), shape: found.shape)
            }
            writer.add(name, [1], shape: [1])
            folder.files["model.safetensors"] = writer.file
            let expected = ModelError.unexpectedTensor(file: "model.safetensors", tensor: name)
            if refused {
                #expect(throws: expected) { try Model(files: folder) }
            } else {
                _ = try Model(files: folder)
            }
        }
    }

    @Test func `golden requests that the weights do not answer are refused with both numbers`() throws {
        let golden = try GoldenCase("dien.paper")
        var folder = try golden.folder()
        let expected = try golden.floats("serve.probabilities")
        folder[text: "golden.jsonl"] = folder[text: "golden.jsonl"]
            .replacing("[\(expected[2])]", with: "[\(expected[2] + 0.001)]")
        let error = #expect(throws: ModelError.self) { try Model(files: folder).verifyGolden() }
        guard case .goldenMismatch(let line, let candidate, let wanted, let found, let tolerance) = error
        else {
            Issue.record("not a mismatch")
            return
        }
        #expect(line == 3 && candidate == 0 && tolerance == 1e-5)
        #expect(wanted == expected[2] + 0.001 && abs(found - expected[2]) < 2e-6)
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"probabilities\": [0.5]}",
        #"{"candidates": {"item": [1]}, "probabilities": [1.5]}"#,
        #"{"candidates": {"item": [1]}, "probabilities": [0.5, 0.5]}"#,
        #"{"candidates": {"item": [-1]}, "probabilities": [0.5]}"#,
        #"{"candidates": {"item": [1]}, "probabilities": [0.5], "labels": [1]}"#,
        #"{"candidates": {"item": 1}, "probabilities": [0.5]}"#,
    ])
    func `a line that is no golden request is refused with its number`(line: String) throws {
        let error = try refusal { $0[text: "golden.jsonl"] = line + "\n" }
        guard case .invalidGolden(let number, _) = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(number == 1)
    }

    @Test func `a golden request that cannot be scored is refused`() throws {
        var folder = try GoldenCase("dien.paper").folder()
        folder[text: "golden.jsonl"] = #"{"candidates": {"item": [1]}, "probabilities": [0.5]}"#
        let error = ModelError.invalidGolden(line: 1, reason: "profile.user: the model needs this feature")
        #expect(throws: error) { try Model(files: folder).verifyGolden() }
    }
}

import Foundation
import ModelRegistry
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        // FIPS 180-4 examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func `the published SHA-256 examples come out`(_ text: String, _ hex: String) {
        #expect(Digest(hashing: Array(text.utf8)).description == "sha256:" + hex)
    }

    @Test(arguments: [
        "", "sha256:", "sha256:abc", "sha1:" + String(repeating: "a", count: 64),
        "sha256:" + String(repeating: "A", count: 64), "sha256:" + String(repeating: "a", count: 65),
        "sha256:" + String(repeating: "a", count: 63) + "/", "SHA256:" + String(repeating: "a", count: 64),
        "sha256:../" + String(repeating: "a", count: 61), String(repeating: "a", count: 64),
        "sha256:" + String(repeating: "a", count: 62) + "é",
    ]) func `any other spelling of a digest is refused`(_ text: String) {
        #expect(throws: RegistryError.invalidDigest(text)) { _ = try Digest(text) }
    }

    @Test func `a digest is read back from its description`() throws {
        let digest = Digest(hashing: [1, 2, 3])
        #expect(try Digest(digest.description) == digest)
    }
}

@Suite struct RegistryNameTests {
    @Test(arguments: ["a", "0", "sports", "a.b_c-d", "v1.2.3", String(repeating: "z", count: 64)])
    func `names of the grammar are allowed`(_ name: String) {
        #expect(RegistryName.isValid(name))
    }

    @Test(arguments: [
        "", ".", "..", ".hidden", "-flag", "_a", "A", "a/b", "a\\b", "a b", "a\0", "a\n", "ä", "%2e%2e",
        "a:b", "a*",
        "../../etc/passwd", String(repeating: "z", count: 65), "a\u{202e}", "ａ",
    ]) func `a hostile name is refused by every command and leaves no trace`(_ name: String) throws {
        #expect(!RegistryName.isValid(name))
        let bench = try TemporaryRegistry()
        try bench.push("x")
        let before = try FileManager.default.subpathsOfDirectory(atPath: bench.root).sorted()
        #expect(throws: RegistryError.invalidName(name, role: "model")) {
            _ = try bench.registry.push(
                model: name, folder: bench.root, note: note("push"), verifier: accept)
        }
        #expect(throws: RegistryError.invalidName(name, role: "alias")) {
            _ = try bench.registry.push(
                model: "sports", folder: bench.root, alias: name, note: note("push"), verifier: accept)
        }
        #expect(throws: RegistryError.invalidName(name, role: "alias")) {
            _ = try bench.registry.promote(
                model: "sports", version: 1, alias: name, note: note("promote"), verifier: accept)
        }
        #expect(throws: RegistryError.unknownModel(name, known: ["sports"])) {
            _ = try bench.registry.rollback(model: name, note: note("rollback"))
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.root).sorted() == before)
    }
}

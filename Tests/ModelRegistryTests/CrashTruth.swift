import Files
import Foundation
import ModelRegistry
import Synchronization
import Testing

/// What must be found after a crash: kept while the commands run, judged without the registry's own reader.
final class CrashTruth: Sendable {
    private struct Known {
        /// The bytes of each epoch ever linked.
        var states: [String: [UInt8]] = [:]
        /// The bytes of each blob ever given its name, by path.
        var blobs: [String: [UInt8]] = [:]
        /// For each state: the blobs it needs.
        var needs: [String: [String]] = [:]
        var acknowledged: UInt64 = 0
    }

    let root: String
    private let known = Mutex(Known())

    init(root: String) { self.root = root }

    /// The newest epoch that some command has reported.
    var acknowledged: UInt64 { known.withLock { $0.acknowledged } }

    func acknowledge(_ epoch: UInt64) { known.withLock { $0.acknowledged = max($0.acknowledged, epoch) } }

    /// Takes down what the running system shows. A name, once given, must never name other bytes.
    func learn(_ volume: CrashVolume) {
        known.withLock { known in
            for (path, entry) in volume.names {
                guard case .file(let number) = entry, let bytes = volume.inodes[number]?.content else {
                    continue
                }
                if path.hasPrefix(root + "/state/") {
                    #expect(known.states[path, default: bytes] == bytes, "\(path) was replaced")
                    known.states[path] = bytes
                } else if path.hasPrefix(root + "/blobs/") {
                    known.blobs[path] = bytes
                }
            }
        }
    }

    /// After a crash the numbers of epochs that were lost may be given to others.
    func forgetLost(_ image: CrashImage) {
        known.withLock { known in
            for path in known.states.keys where image.files[path] == nil {
                known.states[path] = nil
                known.needs[path] = nil
            }
        }
    }

    /// What is wrong with what a crash left; nil when nothing is.
    func complaint(about image: CrashImage) -> String? {
        known.withLock { known in
            var epochs = 0
            for (path, bytes) in image.files where path.hasPrefix(root + "/state/") {
                if known.states[path] != bytes { return "\(path) is corrupt" }
                epochs += 1
            }
            let newest = statePath(UInt64(epochs))
            if epochs > 0, image.files[newest] == nil { return "\(newest) is missing below a later epoch" }
            if epochs < known.acknowledged { return "epoch \(known.acknowledged) was reported and is lost" }
            guard epochs > 0 else { return nil }
            if known.acknowledged > 0, image.files[root + "/format"] != Array("{\"dien_registry\":1}\n".utf8)
            {
                return "the format is lost"
            }
            let needs = known.needs[newest] ?? Self.needs(of: known.states[newest] ?? [], known.blobs, root)
            known.needs[newest] = needs
            for blob in needs where image.files[blob] == nil || image.files[blob] != known.blobs[blob] {
                return
                    "epoch \(epochs) names \(blob), which is \(image.files[blob] == nil ? "lost" : "corrupt")"
            }
            return nil
        }
    }

    func statePath(_ epoch: UInt64) -> String {
        let digits = String(epoch)
        return root + "/state/" + String(repeating: "0", count: 12 - digits.count) + digits + ".json"
    }

    /// The paths of every blob that a state refers to, by Foundation's reading of the JSON.
    private static func needs(of state: [UInt8], _ blobs: [String: [UInt8]], _ root: String) -> [String] {
        var paths: [String] = []
        var waiting = digests(in: state)
        while let digest = waiting.popLast() {
            let path = root + "/blobs/sha256/\(digest.prefix(2))/\(digest)"
            paths.append(path)
            if let manifest = blobs[path], let text = String(bytes: manifest, encoding: .utf8),
                text.hasPrefix("{\"files\"")
            {
                waiting += digests(in: manifest)
            }
        }
        return paths
    }

    /// The hexadecimal digits of every descriptor; in a state those of the versions, not of the epoch before.
    private static func digests(in bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.components(separatedBy: "{\"digest\":\"sha256:").dropFirst().map { String($0.prefix(64)) }
    }
}

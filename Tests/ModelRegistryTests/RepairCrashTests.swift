import Files
import ModelRegistry
import Synchronization
import TestSupport
import Testing

/// A repair that a crash breaks off: what was whole stays whole, and repairing again ends it.
@Suite struct RepairCrashTests {
    private let root = "/disk/registry"

    /// A registry after the whole script, and beside it a copy of it.
    private func image() throws -> CrashImage {
        let script = CrashScript(disk: CrashFileSystem(CrashScript.blank), root: root)
        try script.run()
        var image = script.disk.volume.image(.max)
        for folder in image.directories where folder.hasPrefix(root) {
            image.directories.insert("/disk/copy" + folder.dropFirst(root.count))
        }
        for (path, bytes) in image.files where path.hasPrefix(root) {
            image.files["/disk/copy" + path.dropFirst(root.count)] = bytes
        }
        return image
    }

    private func repair(_ disk: CrashFileSystem) throws -> CheckReport {
        try Registry(openingAt: root, disk: disk, reserveBytes: 0)
            .check(repairingFrom: Registry(openingAt: "/disk/copy", disk: disk, reserveBytes: 0))
    }

    @Test func `a repair broken off anywhere loses nothing and can be repeated`() throws {
        let seed = UInt64.random(in: .min ... .max)
        let whole = try image()
        var damaged = whole
        let paths = whole.files.keys.filter {
            $0.hasPrefix(root + "/blobs/") || $0.hasPrefix(root + "/state/")
        }.sorted()
        let rotten = [paths[1], paths[paths.count - 3]]
        for path in rotten { damaged.files[path] = [1, 2, 3] }
        damaged.files[paths[2]] = nil

        let tally = Mutex((random: SplitMix64(seed: seed), crashes: 0, repaired: 0))
        let disk = CrashFileSystem(damaged)
        disk.setProbe { volume in
            for _ in 0..<40 {
                let choice = tally.withLock { tally in
                    tally.crashes += 1
                    return tally.random.next()
                }
                let left = volume.image(choice)
                for path in paths where left.files[path] != whole.files[path] {
                    let isDamage = rotten.contains(path) && left.files[path] == [1, 2, 3]
                    let isMissing = path == paths[2] && left.files[path] == nil
                    #expect(isDamage || isMissing, "seed \(seed), \(path)")
                }
                guard tally.withLock({ $0.crashes % 20 == 0 }) else { continue }
                let again = CrashFileSystem(left)
                #expect((try? repair(again))?.isWhole == true, "seed \(seed)")
                let ended = again.volume.image(.max)
                for path in paths { #expect(ended.files[path] == whole.files[path], "seed \(seed)") }
                tally.withLock { $0.repaired += 1 }
            }
        }
        #expect(try repair(disk).isWhole)
        #expect(tally.withLock { $0.crashes > 500 && $0.repaired > 25 })
    }
}

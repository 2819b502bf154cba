import Files
import Foundation
import ModelRegistry
import Synchronization
import TestSupport
import Testing

/// Push, promote, rollback, tag, import and garbage collection on a disk that loses whatever no fsync covers. After every
/// operation the machine crashes in many ways, and each time the registry must be whole, with every epoch that was
/// reported. `scripts/prove-crash-consistency` asks for more crashes by `CRASH_STATES`; `CRASH_SEED` repeats a run.
@Suite struct CrashConsistencyTests {
    static let root = "/disk/registry"
    private let seed: UInt64
    private let wanted: Int

    init() {
        let environment = ProcessInfo.processInfo.environment
        seed = environment["CRASH_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
        wanted = environment["CRASH_STATES"].flatMap(Int.init) ?? 100_000
    }

    @Test func `no crash corrupts a registry or loses an epoch that was reported`() throws {
        var script = CrashScript(disk: CrashFileSystem(CrashScript.blank), root: Self.root)
        // Once without crashes, to know how many moments there are to divide the crashes among.
        try script.run()
        let moments = script.disk.operations

        script = CrashScript(disk: CrashFileSystem(CrashScript.blank), root: Self.root)
        let crasher = Crasher(
            truth: script.truth, seed: seed, perMoment: wanted * 11 / 10 / moments + 1,
            reopening: max(40, wanted / 1500))
        script.disk.setProbe { volume in crasher.crash(volume) }
        try script.run()
        crasher.crash(script.disk.volume)
        let (states, reopened) = crasher.counts
        print("crash states: \(states), of them reopened by the registry: \(reopened), seed \(seed)")
        #expect(states >= wanted, "seed \(seed)")
        #expect(reopened > 100)
    }

    @Test func `a machine that crashes again and again goes on each time where it was`() throws {
        var random = SplitMix64(seed: seed)
        let script = CrashScript(disk: CrashFileSystem(CrashScript.blank), root: Self.root)
        try script.create()
        script.truth.learn(script.disk.volume)
        var image = script.disk.volume.image(0)
        var crashes = 0
        while crashes < wanted / 400 {
            let disk = CrashFileSystem(image, dyingAt: Int.random(in: 1...90, using: &random))
            let life = CrashScript(disk: disk, root: Self.root, truth: script.truth)
            let truth = script.truth
            disk.setProbe { truth.learn($0) }
            try? life.step(Int.random(in: 0..<CrashScript.steps, using: &random))
            image = disk.volume.image(random.next())
            if let complaint = truth.complaint(about: image) {
                Issue.record("crash \(crashes), seed \(seed): \(complaint)")
                return
            }
            truth.forgetLost(image)
            crashes += 1
        }
        let last = CrashScript(disk: CrashFileSystem(image), root: Self.root, truth: script.truth)
        for step in 0..<CrashScript.steps { try last.step(step) }
        print("crashes in a row: \(crashes), at epoch \(script.truth.acknowledged), seed \(seed)")
    }

    @Test func `the disk itself loses what was not synced, or else nothing here is tested`() throws {
        let disk = CrashFileSystem(root: "/disk")
        let file = try disk.createFile("/disk/a")
        try file.write([UInt8](repeating: 7, count: 64).span)
        let all = disk.volume
        let images = (0..<1 << UInt64(all.choiceBits)).map { all.image($0) }
        #expect(images.contains { $0.files.isEmpty })
        #expect(images.contains { $0.files == ["/disk/a": []] })
        #expect(images.contains { $0.files == ["/disk/a": [UInt8](repeating: 7, count: 64)] })
        try file.synchronize()
        try disk.rename("/disk/a", to: "/disk/b")
        try disk.synchronizeDirectory("/disk")
        #expect(disk.volume.choiceBits == 0)
        #expect(disk.volume.image(0).files.keys.sorted() == ["/disk/b"])
    }

    @Test(arguments: ForgetfulFileSystem.Omission.allCases)
    func `a writer that leaves out an fsync is found out`(_ omitted: ForgetfulFileSystem.Omission)
        throws
    {
        let disk = CrashFileSystem(CrashScript.blank)
        let forgetful = ForgetfulFileSystem(disk: disk, omitted: omitted)
        let script = CrashScript(disk: disk, seenAs: forgetful, root: Self.root)
        let crasher = Crasher(truth: script.truth, seed: seed, perMoment: 60, reopening: .max, silently: true)
        disk.setProbe { volume in crasher.crash(volume) }
        try script.run()
        crasher.crash(disk.volume)
        #expect(crasher.complaints > 0, "seed \(seed)")
    }
}

import Files
import ModelRegistry
import Synchronization
import TestSupport
import Testing

/// Makes crashes of a volume and judges each: by the truth always, by reopening the registry now and then.
final class Crasher: Sendable {
    private struct Tally {
        var states = 0
        var reopened = 0
        var owed = 0
        var random: SplitMix64
        var complaints: [String] = []
    }

    private let truth: CrashTruth
    private let seed: UInt64
    private let perMoment: Int
    private let reopening: Int
    private let silently: Bool
    private let tally: Mutex<Tally>

    /// - Parameters:
    ///   - perMoment: crashes after each operation; what a moment has too few choices for is owed to the next.
    ///   - reopening: every so many crashes the registry itself opens what is left.
    ///   - silently: complaints are only counted.
    init(truth: CrashTruth, seed: UInt64, perMoment: Int, reopening: Int, silently: Bool = false) {
        self.truth = truth
        self.seed = seed
        self.perMoment = perMoment
        self.reopening = reopening
        self.silently = silently
        tally = Mutex(Tally(random: SplitMix64(seed: seed)))
    }

    var counts: (states: Int, reopened: Int) { tally.withLock { ($0.states, $0.reopened) } }
    var complaints: Int { tally.withLock { $0.complaints.count } }

    /// As many different crashes at this moment as are due.
    func crash(_ volume: CrashVolume) {
        truth.learn(volume)
        for choice in choices(for: volume) {
            let image = volume.image(choice)
            let isTurn = tally.withLock { tally in
                tally.states += 1
                return tally.states % reopening == 0
            }
            var complaint = truth.complaint(about: image)
            if complaint == nil, isTurn { complaint = reopen(image) }
            guard let complaint else { continue }
            let isFirst = tally.withLock { tally in
                tally.complaints.append(complaint)
                return tally.complaints.count == 1
            }
            if isFirst, !silently { Issue.record("seed \(seed), choice \(choice): \(complaint)") }
        }
    }

    /// Every choice there is where these are few; otherwise all lost, all kept, and random ones.
    private func choices(for volume: CrashVolume) -> [UInt64] {
        tally.withLock { tally in
            tally.owed += perMoment
            let bits = min(volume.choiceBits, 60)
            guard bits >= 20 || 1 << bits > tally.owed else {
                tally.owed -= 1 << bits
                return Array(0..<1 << UInt64(bits))
            }
            let everything: UInt64 = 1 << UInt64(bits) - 1
            var chosen: Set<UInt64> = [0, everything]
            while chosen.count < tally.owed {
                let (first, second) = (tally.random.next() & everything, tally.random.next())
                // Half kept, most lost, most kept.
                chosen.insert([first, first & second, (first | second) & everything][Int(second >> 62) % 3])
            }
            tally.owed = 0
            return chosen.sorted()
        }
    }

    /// What is wrong when the registry itself opens what a crash left, and when it goes on from there.
    private func reopen(_ image: CrashImage) -> String? {
        guard truth.acknowledged > 0 else { return nil }
        let reopened = tally.withLock { tally in
            tally.reopened += 1
            return tally.reopened
        }
        let disk = CrashFileSystem(image)
        do {
            let registry = try Registry(openingAt: truth.root, disk: disk, reserveBytes: 64)
            let history = try registry.history()
            guard let newest = history.first else { return "no epoch" }
            if history.map(\.epoch) != Array((1...newest.epoch).reversed()) { return "a hole in the chain" }
            // A sweep keeps the evidence of every epoch.
            for state in history { _ = try registry.evidence(of: state) }
            for (name, model) in newest.models {
                for version in model.versions.keys { try registry.verify(version, of: name) }
            }
            if reopened % 10 == 0 {
                let script = CrashScript(disk: disk, root: truth.root, truth: CrashTruth(root: truth.root))
                for step in 0..<CrashScript.steps { try script.step(step) }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}

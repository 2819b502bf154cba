import DIEN
import Files
import Foundation
import GRPC
import Logging
import Synchronization
import Tensors
import Testing

@testable import ModelRegistry
@testable import Serving

/// The watcher on a private copy of the repository's registry.
@Suite struct RegistryWatcherTests {
    private final class Epochs: Sendable {
        private let seen = Mutex<[UInt64]>([])

        var all: [UInt64] { seen.withLock { $0 } }
        func add(_ epoch: UInt64) { seen.withLock { $0.append(epoch) } }
    }

    private final class Scene: Sendable {
        let folder = NSTemporaryDirectory() + "watcher-\(UUID().uuidString)"
        let registry: Registry
        let table = CurrentTable()
        let watcher: RegistryWatcher
        let epochs = Epochs()

        var champion: UInt64? { table.snapshot.models["sports"]?.aliases["champion"]?.servable?.version }

        init() throws {
            try FileManager.default.copyItem(atPath: Fixture.registryPath, toPath: folder)
            registry = try Registry(openingAt: folder)
            watcher = RegistryWatcher(
                loader: ServableLoader(
                    registry: registry, kernels: .automatic, recentRequests: RecentRequests(),
                    isCopying: false),
                table: table, period: .milliseconds(1),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                onChange: { [epochs] in epochs.add($0.epoch) })
            watcher.advance()
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func promote(_ version: UInt64) throws {
            _ = try registry.promote(
                model: "sports", version: version, note: CommitNote(command: "test", actor: "tester@bench"),
                verifier: { _ in })
        }

        /// Writes into a file that the registry made read-only.
        func overwrite(_ path: String, _ change: (inout Data) -> Void) throws {
            let file = URL(fileURLWithPath: folder + "/" + path)
            var content = try Data(contentsOf: file)
            change(&content)
            try FileManager.default.removeItem(at: file)
            try content.write(to: file)
        }
    }

    @Test func `it starts on the newest epoch and follows each promote once`() throws {
        let scene = try Scene()
        #expect(scene.champion == 1)
        try scene.promote(2)
        scene.watcher.advance()
        scene.watcher.advance()
        #expect(scene.champion == 2)
        #expect(scene.epochs.all == [3, 4])
    }

    @Test func `several epochs at once are one step to the newest`() throws {
        let scene = try Scene()
        for version in [2, 1, 2] as [UInt64] { try scene.promote(version) }
        scene.watcher.advance()
        #expect(scene.champion == 2)
        #expect(scene.epochs.all == [3, 6])
    }

    @Test func `an epoch that cannot be read changes nothing`() throws {
        let scene = try Scene()
        try scene.promote(2)
        try scene.overwrite("state/000000000004.json") { $0.removeLast(10) }
        scene.watcher.advance()
        #expect(scene.champion == 1)
        #expect(scene.table.snapshot.epoch == 3)
    }

    @Test func `a version with a damaged blob is refused, and its alias answered by the one before`() throws {
        let scene = try Scene()
        let manifest = try scene.registry.manifest(
            scene.registry.currentState().version(2, of: "sports").manifest)
        let hex = try #require(manifest.files["config.json"]).digest.description.dropFirst("sha256:".count)
        // Loaded once already as the challenger; a fresh server meets the damage.
        let fresh = try Scene()
        try fresh.overwrite("blobs/sha256/\(hex.prefix(2))/\(hex)") { $0[0] ^= 1 }
        let table = CurrentTable()
        let watcher = RegistryWatcher(
            loader: ServableLoader(
                registry: fresh.registry, kernels: .automatic, recentRequests: RecentRequests(),
                isCopying: false),
            table: table, period: .milliseconds(1),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), onChange: { _ in })
        watcher.advance()
        #expect(table.snapshot.models["sports"]?.aliases["champion"]?.servable?.version == 1)
        guard case .refused(let reason) = table.snapshot.models["sports"]?.versions[2]?.state else {
            Issue.record("version 2 is not refused")
            return
        }
        #expect(reason.contains(hex))
    }

    @Test func `garbage collection leaves alone what a server has mapped, and only that`() throws {
        let scene = try Scene()
        let abandoned = try scene.registry.currentState().version(1, of: "sports").manifest.digest
        // Only the newest version and what is named at this moment would stay, and version 1 is neither.
        try scene.promote(2)
        func isGarbage() throws -> Bool {
            try scene.registry.garbage(
                Retention(versions: 1, days: 0), now: WallClock.unixMilliseconds() + 1000
            ).versions.contains { $0.manifest == abandoned }
        }
        #expect(try !isGarbage(), "the server still answers with it")
        scene.watcher.advance()
        #expect(try !isGarbage(), "the server keeps it mapped for a rollback")
        let leases = scene.folder + "/leases"
        for lease in try FileManager.default.contentsOfDirectory(atPath: leases) {
            try FileManager.default.removeItem(atPath: leases + "/" + lease)
        }
        #expect(try isGarbage(), "without the lease nothing keeps it")
    }

    @Test func `a version whose file is cut short while it serves is refused, and its alias falls back`()
        throws
    {
        let scene = try Scene()
        try scene.promote(2)
        scene.watcher.advance()
        let served = try #require(scene.table.snapshot.models["sports"]?.aliases["champion"]?.servable)
        let manifest = try scene.registry.manifest(
            scene.registry.currentState().version(2, of: "sports").manifest)
        let hex = try #require(manifest.files["model.safetensors"]).digest.hex
        let blob = scene.folder + "/blobs/sha256/\(hex.prefix(2))/\(hex)"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: blob)
        let handle = try #require(FileHandle(forWritingAtPath: blob))
        try handle.truncate(atOffset: 4096)

        let input = RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([1]))],
            candidates: [FeatureColumn(name: "item", values: .ids([153, 1110]))])
        let error = #expect(throws: RPCError.self) {
            _ = try served.network.score(input)
            try served.checkIsWhole()
        }
        #expect(error?.code == .unavailable)
        scene.watcher.refuseDamaged()
        #expect(scene.champion == 1)
        guard case .quarantined = scene.table.snapshot.models["sports"]?.versions[2]?.state else {
            Issue.record("version 2 is not quarantined")
            return
        }
    }

    @Test func `a version with a blob that was found damaged leaves service, and one without stays`() throws {
        let scene = try Scene()
        try scene.promote(2)
        scene.watcher.advance()
        let state = try scene.registry.currentState()
        let files = try scene.registry.manifest(state.version(2, of: "sports").manifest).files
        let weights = try #require(files["model.safetensors"]).digest
        scene.watcher.foundDamaged(Digest(hashing: Array("another".utf8)))
        scene.watcher.refuseDamaged()
        #expect(scene.champion == 2)
        scene.watcher.foundDamaged(weights)
        scene.watcher.refuseDamaged()
        #expect(scene.champion == 1)
        guard case .quarantined(let reason) = scene.table.snapshot.models["sports"]?.versions[2]?.state else {
            Issue.record("version 2 is not quarantined")
            return
        }
        #expect(reason == ServableState.damagedBlob)
    }

    @Test func `the scrubber tells of a damaged blob by its digest`() throws {
        let scene = try Scene()
        let state = try scene.registry.currentState()
        let files = try scene.registry.manifest(state.version(2, of: "sports").manifest).files
        let golden = try #require(files["golden.jsonl"]).digest
        try scene.overwrite("blobs/sha256/\(golden.hex.prefix(2))/\(golden.hex)") { $0[0] ^= 1 }
        var told: [Digest] = []
        let round = try Scrubber(scene.registry, bytesPerSecond: 1 << 40).run(onDamage: { digest, finding in
            #expect(finding.kind == .damagedBlob)
            told.append(digest)
        })
        #expect(told == [golden])
        #expect(round.findings.count == 1)
    }

    @Test func `a model that left is held until its last request has ended`() throws {
        let retired = RetiredModels()
        var request: Servable?
        do {
            let scene = try Scene()
            let old = scene.table.snapshot
            request = old.models["sports"]?.versions[1]?.servable
            retired.add(leaving: old, for: .empty)
        }
        #expect(retired.count == 2)
        retired.release()
        #expect(retired.count == 1)
        withExtendedLifetime(request) {}
        request = nil
        retired.release()
        #expect(retired.count == 0)
    }
}

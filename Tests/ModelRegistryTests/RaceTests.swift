import Foundation
import ModelRegistry
import Synchronization
import Testing

/// Writers on threads share nothing but the folder, as processes do.
@Suite struct RaceTests {
    @Test func `of eight promotions decided on one epoch exactly one is committed`() throws {
        for _ in 0..<20 {
            let bench = try TemporaryRegistry()
            try bench.push("a")
            let epoch = try bench.registry.currentState().epoch
            let outcomes = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { writer in
                let outcome: String
                do {
                    let registry = try Registry(openingAt: bench.path)
                    _ = try registry.promote(
                        model: "sports", version: 1, alias: "a\(writer)", expectEpoch: epoch,
                        note: note("promote"), verifier: accept)
                    outcome = "committed"
                } catch {
                    let lost = RegistryError.epochMoved(expected: epoch, found: epoch + 1)
                    outcome = error as? RegistryError == lost ? "lost" : "\(error)"
                }
                outcomes.withLock { $0.append(outcome) }
            }
            #expect(
                outcomes.withLock { $0.sorted() } == ["committed"] + [String](repeating: "lost", count: 7))
            let state = try bench.registry.currentState()
            #expect(state.epoch == epoch + 1)
            #expect(state.models["sports"]?.aliases.count == 1)
        }
    }

    @Test func `eight concurrent pushers lose nothing and fork nothing`() throws {
        let bench = try TemporaryRegistry()
        let numbers = Mutex<[UInt64]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { writer in
            for round in 0..<5 {
                do {
                    let push = try bench.push("\(writer).\(round)")
                    numbers.withLock { $0.append(push.version) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(numbers.withLock { $0.sorted() } == Array(1...40))
        let history = try bench.registry.history()
        #expect(history.map(\.epoch) == Array((1...41).reversed()))
        #expect(history.first?.models["sports"]?.versions.count == 40)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path + "/staging") == [])
    }

    @Test func `eight pushers of one folder agree on one version`() throws {
        let bench = try TemporaryRegistry()
        let folder = try bench.folder("same")
        let outcomes = Mutex<[UInt64]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                let push = try bench.registry.push(
                    model: "sports", folder: folder, note: note("push"), verifier: accept)
                outcomes.withLock { $0.append(push.version) }
            } catch {
                Issue.record(error)
            }
        }
        #expect(outcomes.withLock { $0 } == [UInt64](repeating: 1, count: 8))
        #expect(try bench.registry.currentState().epoch == 2)
    }

    @Test func `readers see whole epochs while writers commit`() throws {
        let bench = try TemporaryRegistry()
        try bench.push("a")
        try bench.push("b")
        let isDone = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 3) { role in
            do {
                if role == 0 {
                    for round in 0..<60 { try bench.promote(UInt64(round % 2 + 1)) }
                    isDone.store(true, ordering: .releasing)
                    return
                }
                var last: UInt64 = 0
                while !isDone.load(ordering: .acquiring) {
                    let state = try bench.registry.currentState()
                    #expect(state.epoch >= last)
                    last = state.epoch
                }
            } catch {
                isDone.store(true, ordering: .releasing)
                Issue.record(error)
            }
        }
        #expect(try bench.registry.currentState().epoch == 63)
    }
}

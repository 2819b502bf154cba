import ModelRegistry
import Testing

@testable import Serving

/// What a replica does by itself about the versions that an experiment tries.
@Suite struct ExperimentWatchTests {
    private static let start = ContinuousClock.now

    private func arm(_ name: String, _ version: UInt64, weight: UInt32 = 1) -> ExperimentWatch.Arm {
        ExperimentWatch.Arm(
            name: name, version: version, manifest: Fixture.descriptor("sports", version).digest,
            weight: weight)
    }

    private func watch(control: String? = "control") -> ExperimentWatch {
        ExperimentWatch(
            model: "sports", experiment: "2026-11", arms: [arm("control", 1), arm("candidate", 2)],
            control: control, champion: Fixture.descriptor("sports", 1).digest)
    }

    /// The candidate fails on a request of this unit; what is told.
    private func fail(
        _ watch: ExperimentWatch, _ unit: String?, arm: Int = 1, at now: ContinuousClock.Instant = start,
        minute: UInt64 = 0
    ) -> [ServingEvent] {
        let admission = arm == watch.reference ? nil : try? watch.admit(arm, at: now).get()
        return watch.recordFault(
            arm, admission, .nonFinite, unit: unit, detail: "the model's output is not finite", at: now,
            minute: minute)
    }

    @Test func `the fifth fault opens the breaker, and each is told with its arm and reason`() {
        let watch = watch()
        for unit in 0..<4 {
            #expect(fail(watch, "user \(unit)").map(\.kind) == [.armFault])
            #expect(watch.standings[1].phase == .serving)
        }
        let events = fail(watch, "user 4")
        #expect(events.map(\.kind) == [.armFault, .breakerOpened])
        #expect(events[1].arm == "candidate" && events[1].version == 2 && events[1].experiment == "2026-11")
        #expect((events[1].from, events[1].to) == ("serving", "open"))
        #expect(events[1].reason.contains("5 faults within 100 requests"))
        #expect(watch.standings[1].phase == .open && watch.standings[0].phase == .serving)
        #expect(watch.admit(1, at: Self.start) == .failure(.breakerOpen))
        #expect(watch.counters[1].faults.map(\.count) == [5, 0, 0])
    }

    @Test func `a version that is well again is let in by ten probes`() throws {
        let watch = watch()
        for unit in 0..<5 { _ = fail(watch, "user \(unit)") }
        let later = Self.start + .seconds(1)
        for probe in 1...10 {
            let admission = try watch.admit(1, at: later).get()
            #expect(watch.standings[1].phase == .probing)
            #expect(watch.admit(1, at: later) == .failure(.breakerOpen))
            let events = watch.recordSuccess(1, admission, at: later)
            #expect(events.map(\.kind) == (probe == 10 ? [.breakerClosed] : []))
        }
        #expect(watch.standings[1].phase == .serving)
    }

    @Test func `faults of many units beside none of the control stop the arm, whatever the breaker thinks`() {
        let watch = watch()
        var kinds: [ServingEvent.Kind] = []
        // Spread over so many requests that the breaker stays closed.
        for unit in 0..<11 {
            kinds += fail(watch, "user \(unit)", minute: UInt64(unit)).map(\.kind)
            for _ in 0..<40 {
                guard let admission = try? watch.admit(1, at: Self.start).get() else { continue }
                _ = watch.recordSuccess(1, admission, at: Self.start)
            }
        }
        #expect(kinds == [ServingEvent.Kind](repeating: .armFault, count: 11) + [.armStopped])
        #expect(watch.standings[1].phase == .stopped)
        #expect(watch.standings[1].reason.contains("11 units of candidate"))
        #expect(watch.admit(1, at: Self.start + .seconds(3600)) == .failure(.stopped))
    }

    @Test func `the same faults on both arms stop neither`() {
        let watch = watch()
        for unit in 0..<200 {
            let minute = UInt64(unit)
            _ = fail(watch, "control \(unit)", arm: 0, minute: minute)
            // Admitted or not, these are bad events.
            _ = fail(watch, "candidate \(unit)", minute: minute)
        }
        #expect(watch.standings[1].phase != .stopped)
    }

    @Test func `one stuck unit, and units that chose their arm, never stop it`() {
        let watch = watch()
        for _ in 0..<500 { _ = fail(watch, "stuck") }
        for _ in 0..<500 { _ = fail(watch, nil) }
        #expect(watch.standings[1].phase == .open)
    }

    @Test func `without an arm of the champion's version there is nothing to compare with`() {
        let champion = Fixture.descriptor("sports", 1).digest
        #expect(watch(control: nil).reference == 0)
        let alone = ExperimentWatch(
            model: "sports", experiment: "2026-11", arms: [arm("candidate", 2)], control: nil,
            champion: champion)
        for unit in 0..<500 { _ = fail(alone, "user \(unit)", arm: 0) }
        #expect(alone.reference == nil && alone.standings[0].phase == .open)
    }

    @Test func `of many faults in a minute only the first are told, and all are counted`() {
        let watch = watch()
        let told = (0..<100).flatMap { _ in fail(watch, nil, arm: 0, minute: 7) }.count
        #expect(told == ExperimentWatch.toldFaults)
        #expect(fail(watch, nil, arm: 0, minute: 8).count == 1)
        #expect(watch.counters[0].faults[0].count == 101)
    }

    @Test func `what was stopped stays so through ramps, until experiment or version change`() throws {
        func split(_ salt: String, _ version: UInt64, _ coverage: UInt32) -> RegisteredSplit {
            RegisteredSplit(
                salt: salt, unit: "user_id",
                arms: [
                    .init(name: "control", target: .alias("champion")),
                    .init(name: "candidate", target: .version(version)),
                ], coverage: coverage, control: "control")
        }
        func next(_ table: ServingTable, _ split: RegisteredSplit) throws -> (ServingTable, ExperimentWatch) {
            let state = Fixture.state(
                epoch: table.epoch + 1, aliases: ["champion": 1], split: split)
            let table = try Fixture.advance(table, to: state)
            return (table, try #require(table.models["sports"]?.split?.watch))
        }
        let (first, watch) = try next(.empty, split("a", 2, 1000))
        for unit in 0..<11 { _ = fail(watch, "user \(unit)") }
        #expect(watch.standings[1].phase == .stopped)
        let (second, ramped) = try next(first, split("a", 2, 5000))
        #expect(ramped === watch)
        let (third, other) = try next(second, split("a", 3, 5000))
        #expect(other !== watch && other.standings[1].phase == .serving)
        let (_, salted) = try next(third, split("b", 3, 5000))
        #expect(salted !== other)
    }
}

import Files
import TestSupport
import Testing

@testable import Datasets

/// The sort on disk against a stable sort in memory.
struct EventSorterTests {
    @Test(arguments: [1, 7, 1000, 100_000]) func `events come by user, time and place, as often as asked`(
        capacity: Int
    ) throws {
        let folder = try TemporaryFolder()
        var generator = SplitMix64.printed("events")
        let sorter = EventSorter(folder: folder.path, capacity: capacity)
        var events: [(user: Int, time: Int64, item: Int32)] = []
        for item in 0..<Int32(capacity == 1 ? 300 : 5000) {
            let event = (
                user: Int.random(in: 0..<40, using: &generator),
                time: Int64.random(in: -3...3, using: &generator),
                item: item
            )
            events.append(event)
            try sorter.append(user: event.user, item: Int(item), time: event.time)
        }
        var expected: [Int: [Int32]] = [:]
        for time in Int64(-3)...3 {
            for event in events where event.time == time {
                expected[event.user, default: []].append(event.item)
            }
        }
        for _ in 0..<2 {
            var found: [Int: [Int32]] = [:]
            var users: [Int] = []
            try sorter.forEachUser { user, items in
                users.append(user)
                found[user] = items
            }
            #expect(found == expected && users == users.sorted())
        }
        #expect(try folder.names().isEmpty)
    }
}

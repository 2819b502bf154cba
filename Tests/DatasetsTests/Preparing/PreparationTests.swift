import Foundation
import Tensors
import Testing

@testable import Datasets

/// Preparing a cut of amazon_sports; the figures were counted by a Python script that shares nothing with this code.
struct PreparationTests {
    private let folder: TemporaryFolder
    private let cut: String

    init() throws {
        folder = try TemporaryFolder()
        cut = try fixture("amazon_sports_cut")
    }

    @Test func `protocol A takes the last item of each user, and the split file's users and negatives`()
        throws
    {
        let set = try PreparedSet([cut], in: folder)
        #expect(set.dataset.description.splits == [.train: 450, .validation: 0, .test: 50])
        #expect(set.dataset.description.tables.map(\.rows) == [226, 2177, 505])
        #expect(
            set.summary.events == 2938 && set.summary.sequences == 250 && set.summary.malformed.count == 0)
        #expect(set.summary.items == 2552)
        let train = set.dataset.samples(.train)
        // User 1 reviewed items 1 to 8; its negative is item 1055.
        let first = train.columns([0, 1], maxHistory: 100)
        #expect(first.history[0][..<7] == [12, 18, 379, 380, 381, 382, 383])
        #expect(first.history[1][..<7] == [2, 10, 8, 2, 34, 12, 6])
        #expect(first.targets == [[278, 384], first.targets[1]] && first.targets[1][1] == 2)
        #expect(first.labels == [0, 1] && first.lengths == [7, 7])
        // The first test user is 7: unknown to training, as are its items but two.
        let test = set.dataset.samples(.test).columns([0, 1], maxHistory: 100)
        #expect(test.profile == [[0, 0]] && test.targets[0] == [108, 0])
        #expect(test.history[0] == [0, 0, 486, 12, 0, 0, 0, 486, 12, 0])
    }

    @Test func `rows follow falling frequency in training, ties the ascending identifier`() throws {
        let set = try PreparedSet([cut], in: folder)
        let items = try set.names("item")
        #expect((1...8).map { items[$0] } == ["281", "1282", "1027", "156", "1647", "2054", "29", "1827"])
        let categories = try set.names("category")
        #expect((1...6).map { categories[$0] } == ["62", "2", "5", "13", "1", "6"])
        let users = try set.names("user")
        #expect((1...4).map { users[$0] } == ["185", "6", "172", "170"])
        #expect(try set.rows("user").count == 225)
        // Items that training does not have keep their category: they are there, with row 0.
        #expect(try set.rows("item").count == 2552)
    }

    @Test func `the floors of popularity and of categories come out`() throws {
        let set = try PreparedSet([cut], in: folder)
        var popularity: [Int32: Double] = [:]
        let train = set.dataset.samples(.train)
        let test = set.dataset.samples(.test)
        for index in 0..<train.count where train.label(index) == 1 {
            for row in train.columns([index], maxHistory: .max).history[0] + [train.target(index)[0]] {
                popularity[row, default: 0] += 1
            }
        }
        for index in 0..<test.count where test.label(index) == 1 {
            for row in test.columns([index], maxHistory: .max).history[0] where row > 0 {
                popularity[row, default: 0] += 1
            }
        }
        // 0.6408 with the counts of items that training does not have; those share row 0 here.
        let auc = set.auc(.test) { popularity[test.target($0)[0]] ?? 0 }
        #expect(abs(auc - 0.6408) < 0.03)
        let share = set.auc(.test) { index in
            let history = test.columns([index], maxHistory: .max).history[1]
            return Double(history.count { $0 == test.target(index)[1] }) / Double(history.count)
        }
        #expect(abs(share - 0.6216) < 0.03)
    }

    @Test func `protocol P adds every earlier item of training users, protocol B tests on everybody's last`()
        throws
    {
        let prefixes = try PreparedSet([cut], in: folder) { $0.sampling = .prefixes }
        #expect(prefixes.dataset.description.splits == [.train: 4924, .validation: 0, .test: 50])
        let plain = try PreparedSet([cut], in: folder)
        #expect(try prefixes.texts(.test).count == plain.texts(.test).count)
        let all = Set(try prefixes.texts(.train))
        #expect(try plain.texts(.train).allSatisfy(all.contains))

        let everybody = try PreparedSet([cut], in: folder) { $0.sampling = .leaveOneOut }
        #expect(everybody.dataset.description.splits == [.train: 4876, .validation: 0, .test: 500])
        #expect(everybody.dataset.description.tables[0].rows == 251)
        #expect(everybody.dataset.negatives[0].count == 2938 - 250)
        let held = try PreparedSet([cut], in: folder) {
            $0.sampling = .leaveOneOut
            $0.validation = 0.3
        }
        let splits = held.dataset.description.splits
        #expect((splits[.train] ?? 0) + (splits[.validation] ?? 0) == 4876 && splits[.test] == 500)
    }

    @Test func `validation users are cut from training users and unknown to training`() throws {
        let set = try PreparedSet([cut], in: folder) { $0.validation = 0.3 }
        let splits = set.dataset.description.splits
        let validation = try #require(splits[.validation])
        #expect((90...180).contains(validation) && splits[.train] == 450 - validation && splits[.test] == 50)
        #expect(try set.texts(.validation).allSatisfy { $0.hasPrefix("?") })
        let train = set.dataset.samples(.train)
        #expect(set.dataset.description.tables[0].rows == train.count / 2 + 1)
    }

    @Test func `the same seed gives the same bytes, however little is sorted at once`() throws {
        func prepare(_ change: (inout PreparationOptions) -> Void) throws -> [Data] {
            try PreparedSet([cut], in: folder) {
                $0.usesSplitFile = false
                $0.validation = 0.1
                change(&$0)
            }.bytes()
        }
        let bytes = try prepare { _ in }
        #expect(try prepare { _ in } == bytes)
        #expect(try prepare { $0.sortedEvents = 100 } == bytes)
        #expect(try prepare { $0.seed = 2 } != bytes)
    }

    @Test(arguments: [
        (SampleProtocol.prefixes, NegativeSampling.popularity), (.leaveOneOut, .popularity),
        (.prefixes, .uniform),
    ]) func `a negative is never the positive, and outside the own items where it has to be`(
        sampling: SampleProtocol, negatives: NegativeSampling
    ) throws {
        let set = try PreparedSet([cut], in: folder) {
            $0.sampling = sampling
            $0.negatives = negatives
            $0.usesSplitFile = false
        }
        var own = 0
        let train = set.dataset.samples(.train)
        let last = Dictionary(
            (0..<train.count).map { (train.user($0), $0) }, uniquingKeysWith: { $1 })
        for index in stride(from: 0, to: train.count, by: 2) {
            #expect(train.label(index) == 0 && train.label(index + 1) == 1)
            #expect(train.target(index) != train.target(index + 1))
            let whole = train.columns([last[train.user(index)] ?? index], maxHistory: .max).history[0]
            own += whole.contains(train.target(index)[0]) ? 1 : 0
        }
        #expect((own == 0) == (sampling == .leaveOneOut || negatives == .uniform))
    }

    @Test func `buckets by hash are a tenth each`() throws {
        let sizes = try (1...10).map { bucket in
            try PreparedSet([cut], in: folder) {
                $0.testBucket = bucket
                $0.usesSplitFile = false
            }.dataset.samples(.test).count / 2
        }
        #expect(sizes.reduce(0, +) == 250 && sizes.allSatisfy { (10...45).contains($0) })
    }

    @Test func `a stop or a wrong input leaves nothing behind`() throws {
        let before = try folder.names()
        #expect(throws: DatasetError.interrupted) {
            _ = try Preparation.run(
                inputs: [cut], output: folder.path + "/out", options: PreparationOptions(),
                isStopped: { true })
        }
        #expect(throws: DatasetError.self) { try PreparedSet([folder.path], in: folder) }
        try folder.write("other.csv", "a,b\n1,2\n")
        #expect(throws: DatasetError.self) { try PreparedSet([folder.path + "/other.csv"], in: folder) }
        #expect(try folder.names() == before + ["other.csv"])
    }

    @Test func `a split file of other interactions is refused`() throws {
        let interactions = try folder.write(
            "interactions.tsv", "user\titem\ttimestamp\n1\ta\t1\n1\tb\t2\n2\ta\t1\n2\tc\t3\n")
        let split = try folder.write(
            "split.tsv", "user\tbucket\tpositive\tnegative_pop\tnegative_uniform\n1\t1\ta\tc\tc\n")
        #expect(throws: DatasetError.self) { try PreparedSet([interactions, split], in: folder) }
        #expect(try PreparedSet([interactions], in: folder).summary.users == 2)
    }
}

import Experiment
import TestSupport
import Testing

@Suite struct UnitBucketTests {
    /// hashlib.sha256(b"dien.bucket\0" + unit), first and second eight bytes.
    @Test(
        arguments: [
            ("user-1", 0xdb941229f1d81b37, 748), ("user-2", 0xf52069b2f75f9540, 509),
            ("", 0x902235c860a04e4a, 753),
            ("Jörg ☺", 0xd1c4388c2c216951, 54),
        ] as [(String, UInt64, Int)])
    func `bucket and hash are those of SHA-256`(unit: String, hash: UInt64, bucket: Int) {
        #expect(UnitBucket(unit: unit).hash == hash && UnitBucket(unit: unit).bucket == bucket)
    }

    /// 1,023 degrees of freedom: mean 1,023, standard deviation 45.
    @Test func `units of one arm fill all buckets alike, and so do those that a full sample keeps`() throws {
        let split = try TrafficSplit(
            salt: "e", arms: [.init(name: "a", weight: 1), .init(name: "b", weight: 9)], coverage: 10_000)
        var (arm, sampled) = ([Int](repeating: 0, count: 1024), [Int](repeating: 0, count: 1024))
        for index in 0..<200_000 {
            let unit = UnitBucket(unit: "user-\(index)")
            if split.assignment(of: "user-\(index)").arm == 0 { arm[unit.bucket] += 1 }
            if unit.hash & 7 == 0 { sampled[unit.bucket] += 1 }
        }
        for counts in [arm, sampled] {
            let expected = Double(counts.reduce(0, +)) / 1024
            let chiSquare = counts.reduce(0) {
                $0 + (Double($1) - expected) * (Double($1) - expected) / expected
            }
            #expect(abs(chiSquare - 1023) < 5 * 45.2, "\(chiSquare)")
        }
    }
}

import Testing

@testable import DIEN

/// Against `openssl mac -macopt hexkey:000102…0f -macopt size:16 SIPHASH`.
struct HistoryDigestTests {
    @Test func `digests are those of another program, of every beginning`() {
        let expected = [
            0: "A3817F04BA25A8E66DF67214C7550293", 1: "B7F46B74CA35E7AC2078EF270D87686E",
            2: "677C170B48F2D93A3519752AF5D4D877", 3: "52B04A835A79774C4496BF2D0BFDE160",
            8: "C4B9FFCF052C3BF86591B0D219E6177A",
        ]
        var hasher = HistoryHasher(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        for count in 0...8 {
            if count > 0 { hasher.append(UInt64(count) &* 0x0123_4567_89ab_cdef) }
            guard let text = expected[count] else { continue }
            let digest = hasher.digest
            let bytes = [digest.low, digest.high].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
            #expect(
                bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
                    .joined() == text)
        }
    }
}

import Crypto
import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct OutcomeTests {
    private let request = ServedRequest(
        epoch: 7, unixMilliseconds: 1_795_600_000_123, arm: .max, version: 3, bucket: 1023,
        request: 0x0123_4567_89AB_CDEF, candidates: 0x8000_0001)

    @Test func `a signed request is read back, by replicas that share the key alone`() {
        let key = [UInt8](repeating: 9, count: 32)
        let signed = RequestSigner(key: key).sign(request)
        #expect(signed.count == RequestSigner.count)
        #expect(RequestSigner(key: key).read(signed) == request)
        #expect(RequestSigner(key: [UInt8](repeating: 8, count: 32)).read(signed) == nil)
        #expect(RequestSigner().read(signed) == nil)
    }

    @Test func `no bit of a signed request can be changed`() {
        let signer = RequestSigner()
        let signed = signer.sign(request)
        for bit in 0..<signed.count * 8 {
            var changed = signed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(signer.read(changed) == nil)
        }
        #expect(
            signer.read([]) == nil && signer.read(signed + [0]) == nil
                && signer.read(Array(signed.dropLast())) == nil)
    }

    /// The code is that of RFC 2104, so that another program can make one.
    @Test func `the code is HMAC-SHA-256 cut to 16 bytes`() {
        let key = [UInt8](0..<32)
        let signed = RequestSigner(key: key).sign(request)
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.dropLast(16)), using: SymmetricKey(data: key))
        #expect(Array(signed.suffix(16)) == Array(code.prefix(16)))
        #expect(Array(signed.prefix(9)) == [1, 0, 0, 0, 0, 0, 0, 0, 7])
    }

    @Test func `clicks count when their window is over, and belong to the time of the request`() {
        var window = AttributionWindow(milliseconds: 8000)
        let impression = Outcome(probability: 0.25, isImpression: true)
        let click = Outcome(probability: 0.25, isClick: true, revenue: 2)
        #expect(window.record(impression, bucket: 3, served: 500, now: 600) == nil)
        #expect(window.record(click, bucket: 3, served: 500, now: 7000) == nil)
        #expect(window.closed.total(.impressions) == 0)
        window.close(now: 8999)
        #expect(window.closed.total(.impressions) == 0)
        window.close(now: 9000)
        #expect(window.closed[.impressions][3] == 1 && window.closed[.clicks][3] == 1)
        #expect(window.closed.total(.revenue) == 2)
        #expect(isClose(window.closed.total(.logLoss), log(4)))
        #expect(window.record(click, bucket: 3, served: 500, now: 9000) == .late)
        #expect(window.closed.total(.clicks) == 1)
    }

    @Test func `log loss of an impression without a click is that of none`() {
        var window = AttributionWindow(milliseconds: 8000)
        _ = window.record(Outcome(probability: 0.25, isImpression: true), bucket: 0, served: 0, now: 0)
        window.close(now: 100_000)
        #expect(isClose(window.closed.total(.logLoss), -log(0.75)))
        #expect(window.closed.total(.predictedClicks) == 0.25)
    }

    @Test(arguments: [
        Outcome(probability: .nan), Outcome(probability: 1.5), Outcome(probability: 0.5, revenue: .infinity),
    ])
    func `what cannot be is refused`(outcome: Outcome) {
        var window = AttributionWindow(milliseconds: 8000)
        #expect(window.record(outcome, bucket: 0, served: 0, now: 0) == .invalid)
        #expect(window.record(Outcome(probability: 0.5), bucket: 0, served: 2001, now: 1000) == .early)
    }
}

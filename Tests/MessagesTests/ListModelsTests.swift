import Messages
import Testing

struct ListModelsTests {
    static let userStates: ReuseCounts = {
        var counts = ReuseCounts()
        (counts.hits, counts.extensions, counts.misses) = (300, 2, 3)
        (counts.evictions, counts.held, counts.bytes) = (4, 5, 1 << 40)
        return counts
    }()

    static let candidateParts: ReuseCounts = {
        var counts = ReuseCounts()
        counts.misses = 1
        return counts
    }()

    static let response = ListModelsResponse(
        models: [
            ModelStatus(
                name: "sports", aliases: [ModelAlias(alias: "champion", version: 1)],
                versions: [
                    VersionStatus(
                        version: 1, state: .ready, digest: "sha256:00", architecture: "dien", preset: "paper",
                        kernels: "avx512", userStates: userStates, candidateParts: candidateParts),
                    VersionStatus(version: 2, state: .refused, reason: "embedding.item: NaN"),
                ]), ModelStatus(name: "empty"),
        ], registryEpoch: 17, serverVersion: "0.1.0", startUnixMilliseconds: 1_700_000_000_123)

    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let google = bytes(GoogleVectors.listModelsResponse)
        #expect(try ListModelsResponse.decoded(google) == Self.response)
        #expect(Self.response.serialized() == google)
        let request = bytes(GoogleVectors.listModelsRequest)
        #expect(try ListModelsRequest.decoded(request) == ListModelsRequest(name: "sports"))
        #expect(ListModelsRequest(name: "sports").serialized() == request)
    }

    @Test(arguments: VersionState.allCases) func `every state survives`(state: VersionState) throws {
        let status = VersionStatus(version: 1, state: state)
        #expect(try VersionStatus.decoded(status.serialized()) == status)
    }

    @Test(arguments: ["1063", "10ffffffffffffffffff01"])
    func `a state that is newer than this code is unspecified`(
        given: String
    ) throws {
        #expect(try VersionStatus.decoded(bytes(given)).state == .unspecified)
    }
}

/// What a state file holds: a state in an envelope with the checksum of its spelling. The chain protects a state only
/// once a later epoch names it; the checksum protects the newest one too, from damage though not from forgery.
struct StateFile: Codable {
    /// The digest of the canonical form of `state`, without the line feed.
    let checksum: Digest
    let state: RegistryState

    /// The bytes of a state's file; a split or shadow that no reader would accept is refused.
    static func encode(_ state: RegistryState) throws -> [UInt8] {
        for (name, model) in state.models {
            if let fault = model.trafficFault { throw CanonicalJSON.Malformed(reason: "'\(name)': \(fault)") }
        }
        return try CanonicalJSON.encode(StateFile(checksum: checksum(state), state: state))
    }

    /// The state in a file's bytes; what is wrong with them is thrown.
    static func decode(_ bytes: [UInt8]) throws(CanonicalJSON.Malformed) -> RegistryState {
        let file = try CanonicalJSON.decode(StateFile.self, bytes)
        let found: Digest
        do { found = try checksum(file.state) } catch { throw CanonicalJSON.Malformed(error) }
        guard found == file.checksum else {
            throw CanonicalJSON.Malformed(
                reason: "its checksum says \(file.checksum), its content is \(found)")
        }
        return file.state
    }

    private static func checksum(_ state: RegistryState) throws -> Digest {
        Digest(hashing: Array(try CanonicalJSON.encode(state).dropLast()))
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case checksum, state
    }

    private init(checksum: Digest, state: RegistryState) {
        self.checksum = checksum
        self.state = state
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        checksum = try container.decode(Digest.self, forKey: .checksum)
        state = try container.decode(RegistryState.self, forKey: .state)
    }
}

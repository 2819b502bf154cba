import DIEN
import GRPC
import Messages

/// The one place where the floors' errors become gRPC statuses.
extension RPCError {
    init(_ error: RoutingError) {
        let code: StatusCode =
            switch error {
            case .unknownModel, .unknownVersion, .unknownAlias: .notFound
            case .missingModel, .versionAndAlias: .invalidArgument
            case .notLoaded, .refused: .failedPrecondition
            }
        self.init(code: code, message: error.description)
    }

    init(_ error: ScoringError) {
        let code: StatusCode = if case .nonFinite = error { .internal } else { .invalidArgument }
        self.init(code: code, message: error.description)
    }

    init(_ error: MessageError) {
        self.init(code: .invalidArgument, message: error.description)
    }
}

extension ServingTable {
    func servable(for spec: ModelSpec) throws(RPCError) -> (Servable, arm: String) {
        do {
            return try route(model: spec.name, version: spec.version, alias: spec.alias)
        } catch {
            throw RPCError(error)
        }
    }
}

extension Servable {
    func scores(of input: RankingInput) throws(RPCError) -> Scores {
        do {
            return try network.score(input)
        } catch {
            throw RPCError(error)
        }
    }
}

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
    /// Who answers the request.
    func route(of request: RankRequest) throws(RPCError) -> Route {
        do {
            return try route(
                model: request.model.name, version: request.model.version, alias: request.model.alias,
                unit: request.routingKey)
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

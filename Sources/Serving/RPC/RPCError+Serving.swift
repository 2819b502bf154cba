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
    /// Scores, unless pages of the model's files were lost: what was read instead of them were zeros.
    func scores(of input: RankingInput) throws(RPCError) -> Scores {
        let scores: Scores
        do {
            scores = try network.score(input)
        } catch {
            throw RPCError(error)
        }
        guard !network.isDamaged else {
            throw RPCError(
                code: .unavailable,
                message: "version \(version) of model '\(model)' has just lost pages of its files; try again")
        }
        return scores
    }
}

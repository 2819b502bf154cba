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
        let code: StatusCode =
            switch error {
            case .nonFinite: .internal
            case .abandoned: .deadlineExceeded
            default: .invalidArgument
            }
        self.init(code: code, message: error.description)
    }

    init(_ error: MessageError) {
        self.init(code: .invalidArgument, message: error.description)
    }
}

extension ServingTable {
    /// Who answers a request.
    func route(of model: ModelSpec, unit: String) throws(RPCError) -> Route {
        do {
            return try route(model: model.name, version: model.version, alias: model.alias, unit: unit)
        } catch {
            throw RPCError(error)
        }
    }
}

/// Turns a request's mistakes into statuses.
func answering<Value>(_ body: () throws(ScoringError) -> Value) throws(RPCError) -> Value {
    do { return try body() } catch { throw RPCError(error) }
}

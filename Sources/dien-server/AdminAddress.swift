import ArgumentParser
import Serving

/// Where the admin port listens, or `none`.
enum AdminAddress: ExpressibleByArgument, CustomStringConvertible {
    case none
    case at(ListenAddress)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else {
            guard let address = ListenAddress(argument: argument) else { return nil }
            self = .at(address)
        }
    }

    var configuration: AdminConfiguration? {
        guard case .at(let address) = self else { return nil }
        var configuration = AdminConfiguration()
        configuration.host = address.host
        configuration.port = address.port
        return configuration
    }

    var description: String {
        switch self {
        case .none: "none"
        case .at(let address): address.description
        }
    }

    var defaultValueDescription: String { description }
}

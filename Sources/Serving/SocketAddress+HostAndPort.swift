import NIOCore

extension SocketAddress {
    /// `HOST:PORT` as clients take it, an IPv6 address in brackets.
    var hostAndPort: String {
        guard let ipAddress, let port else { return description }
        return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
    }
}

/// The encodings of messages this server reads and writes (`grpc-encoding`).
enum MessageEncoding: String, CaseIterable {
    case identity

    /// The value of `grpc-accept-encoding`.
    static let accepted = allCases.map(\.rawValue).joined(separator: ",")
}

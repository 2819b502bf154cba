internal import Synchronization

/// Workspaces for callers that have none of their own: as many as are in use at a time, up to a few.
public final class Workspaces: Sendable {
    private let places = InlineArray<16, Mutex<Workspace>> { _ in Mutex(Workspace()) }

    /// None yet.
    public init() {}

    /// Calls `body` with a workspace that nobody else works in.
    public func borrow<Value: Sendable, Failure: Error>(
        _ body: (inout Workspace) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        for index in places.indices {
            let value = try places[index].withLockIfAvailable { workspace throws(Failure) in
                try body(&workspace)
            }
            if let value { return value }
        }
        var workspace = Workspace()
        return try body(&workspace)
    }
}

import Experiment
import Files

/// The key that feedback tokens are signed with.
public struct FeedbackKey: Sendable {
    /// The fewest bytes that are a key.
    public static let minimumBytes = 32
    /// The most that are read.
    public static let maximumBytes = 4096

    let signer: RequestSigner

    /// A random key: the tokens of this process are known to it alone, and after a restart to nobody.
    public init() { signer = RequestSigner() }

    /// The key that a file holds: all of its bytes. Throws `FileError` where it cannot be read or others could read it,
    /// ``FeedbackKeyError`` where it is too short.
    public init(path: String) throws {
        let bytes = try SecretFile.read(path, limit: Self.maximumBytes)
        guard bytes.count >= Self.minimumBytes else {
            throw FeedbackKeyError.tooShort(path: path, bytes: bytes.count)
        }
        signer = RequestSigner(key: bytes)
    }
}

/// Why a file is no key.
public enum FeedbackKeyError: Error, Equatable, CustomStringConvertible {
    /// Guessing is too easy.
    case tooShort(path: String, bytes: Int)

    /// One line: the thing and the mend.
    public var description: String {
        switch self {
        case .tooShort(let path, let bytes):
            "\(path): \(bytes) bytes are too short for a key; make one with: (umask 077; "
                + "head -c \(FeedbackKey.minimumBytes) /dev/urandom > '\(path)')"
        }
    }
}

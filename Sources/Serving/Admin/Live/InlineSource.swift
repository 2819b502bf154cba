internal import Crypto
internal import Foundation

/// Inline scripts and styles as a Content-Security-Policy names them.
enum InlineSource {
    /// `sha256-` and the digest in Base64: the one text that may stand between the tags (CSP Level 3, section 2.3.1).
    static func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}

import Foundation
import Messages

/// One ranking, for a person or for a program.
struct RankReport {
    let request: RankRequest
    let response: RankResponse
    /// Seen from here.
    let roundTrip: Duration

    /// Positions of the candidates, best first: the server's where it was asked for them.
    var order: [Int] {
        if !response.top.isEmpty {
            return response.top.map(Int.init).filter(response.scores.indices.contains)
        }
        return response.scores.indices.sorted { left, right in
            (response.scores[right], left) < (response.scores[left], right)
        }
    }

    /// A header that says who answered, and the ranked list.
    var text: String {
        let candidates = request.candidates.first
        let items = order.map { candidates?.label($0) ?? "\($0)" }
        let width = max(items.map(\.count).max() ?? 0, 4)
        var lines = header
        lines.append("")
        lines.append("  rank  \(pad(candidates?.name ?? "item", width))  probability")
        for (rank, (position, item)) in zip(order, items).enumerated() {
            let score = response.scores[position]
            lines.append(
                "  \(pad("\(rank + 1)", 4))  \(pad(item, width))  \(fixed(score, 4))  \(Bar.of(score))")
            lines += attentionLines(of: position, indent: width + 10)
        }
        return lines.joined(separator: "\n")
    }

    private var header: [String] {
        let by = response.servedBy
        let shown = order.count < response.scores.count ? ", the best \(order.count)" : ""
        var lines = [
            by.line,
            "\(response.scores.count) candidates\(shown); \(response.historyLength) behaviours used; "
                + "\(milliseconds(roundTrip)) ms there and back, "
                + "\(milliseconds(.microseconds(Int(clamping: response.totalMicroseconds)))) ms in the server, "
                + "\(milliseconds(.microseconds(Int(clamping: response.scoringMicroseconds)))) ms scoring",
        ]
        lines += by.experimentLines + response.unknownIDs.lines
        if !response.requestID.isEmpty { lines.append("request \(response.requestID)") }
        return lines
    }
}

extension FeatureColumn {
    /// The value of one row, as a person knows it.
    func label(_ row: Int) -> String {
        switch values {
        case .ids(let ids): ids.indices.contains(row) ? "\(ids[row])" : "?"
        case .strings(let strings): strings.indices.contains(row) ? strings[row] : "?"
        }
    }
}

/// A bar of block characters, a twentieth of the range a cell.
enum Bar {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    static func of(_ fraction: Float, cells: Int = 20) -> String {
        let count = Int((min(max(fraction, 0), 1) * Float(cells * 8)).rounded())
        return String(repeating: "█", count: count / 8) + eighths[count % 8]
    }
}

func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func fixed(_ value: some BinaryFloatingPoint, _ digits: Int) -> String {
    String(format: "%.\(digits)f", Double(value))
}

func milliseconds(_ duration: Duration) -> String { fixed(duration / .milliseconds(1), 2) }

/// The first twelve hexadecimal digits: enough to tell versions apart, and what `dien-registry` takes.
func shortDigest(_ digest: String) -> String {
    guard let colon = digest.firstIndex(of: ":") else { return digest }
    return String(digest[...colon] + digest[digest.index(after: colon)...].prefix(12))
}

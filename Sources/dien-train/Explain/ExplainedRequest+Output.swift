import Charts
import DIEN
import Foundation
import Terminal

extension ExplainedRequest {
    /// For people: a list of behaviours with bars for each target.
    var text: String {
        let blocks = targets.map { target in
            var rows = [["behaviour", "", "attention", "", "moved by"]]
            let attention = target.explained.attention
            let changes = target.explained.stateChanges
            let largest = attention.max() ?? 1
            for (step, name) in behaviours.enumerated() {
                let weight = step < attention.count ? attention[step] : nil
                rows.append([
                    "\(step + 1)", name, weight.map { NumberText.fixed(Double($0), 4) } ?? "-",
                    Self.bar(weight.map { $0 / largest } ?? 0),
                    step < changes.count ? NumberText.fixed(Double(changes[step]), 4) : "-",
                ])
            }
            let clicked = target.isClicked.map { $0 ? ", clicked" : ", not clicked" } ?? ""
            return
                "target \(target.name): p = \(NumberText.fixed(Double(target.explained.probability), 4))\(clicked)\n"
                + TextTable(rows: rows).text
        }
        let hasAttention = behaviours.isEmpty || targets.contains { !$0.explained.attention.isEmpty }
        let remark = hasAttention ? "" : "; this architecture has no attention, it sums them"
        return "\(model), \(behaviours.count) behaviours, the oldest first\(remark)\n\n"
            + blocks.joined(separator: "\n\n")
    }

    /// A bar of 24 cells, left-aligned, in eighths of a cell.
    static func bar(_ share: Float) -> String {
        let cells = 24
        let eighths = share > 0 ? Int((min(share, 1) * Float(cells * 8)).rounded()) : 0
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let bar = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        return bar + String(repeating: " ", count: cells - bar.count)
    }

    /// The picture; paths are projected on two components that all targets share.
    var chart: InterestChart {
        let zero = [Float](repeating: 0, count: targets.first?.explained.states.first?.count ?? 0)
        let components = PrincipalComponents(targets.flatMap { [zero] + $0.explained.states })
        return InterestChart(
            title:
                "Interest of a user in \(targets.count) \(targets.count == 1 ? "target" : "targets"), by \(model)",
            behaviours: behaviours,
            targets: targets.map { target in
                let states = target.explained.states.isEmpty ? [] : [zero] + target.explained.states
                return InterestChart.Target(
                    name: target.name, probability: Double(target.explained.probability),
                    attention: target.explained.attention.map(Double.init),
                    changes: target.explained.stateChanges.map(Double.init),
                    path: states.map { state in
                        let place = components(state)
                        return ChartPoint(x: place.x, y: place.y)
                    })
            })
    }

    /// One JSON object on one line, with sorted keys.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let document = Document(
            model: model, behaviours: behaviours,
            targets: targets.map {
                Document.Explained(
                    target: $0.name, probability: $0.explained.probability, clicked: $0.isClicked,
                    attention: $0.explained.attention, stateChanges: $0.explained.stateChanges)
            })
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private struct Document: Encodable {
        struct Explained: Encodable {
            let target: String
            let probability: Float
            let clicked: Bool?
            let attention: [Float]
            let stateChanges: [Float]
        }

        let model: String
        let behaviours: [String]
        let targets: [Explained]
    }
}

/// An SVG picture with a title and a description for those who do not see it.
public struct Drawing: Sendable, Equatable {
    /// Tells this picture's elements from another's on the same page: letters and digits.
    public let identifier: String
    /// What the picture shows, in a few words.
    public let title: String
    /// What is to be seen in it, in a sentence or two.
    public let description: String
    /// In user units, which are CSS pixels at the natural size.
    public let width, height: Double
    /// SVG elements.
    let content: String

    /// The `svg` element for a page whose style has ``ChartStyle/css``.
    public var inline: String { element(attributes: "", style: "") }

    /// A file of its own, which brings its style and its surface.
    public var document: String {
        let surface = "<rect width=\"100%\" height=\"100%\" fill=\"var(--surface)\"/>"
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + element(
                attributes: " width=\"\(coordinate(width))\" height=\"\(coordinate(height))\"",
                style: "<style>\(ChartStyle.css)</style>\(surface)") + "\n"
    }

    private func element(attributes: String, style: String) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\""
            + " aria-labelledby=\"\(identifier)-title \(identifier)-description\""
            + " viewBox=\"0 0 \(coordinate(width)) \(coordinate(height))\"\(attributes)>"
            + "<title id=\"\(identifier)-title\">\(MarkupText.escaped(title))</title>"
            + "<desc id=\"\(identifier)-description\">\(MarkupText.escaped(description))</desc>\(style)\(content)</svg>"
    }
}

/// A length or place in user units, to a tenth.
func coordinate(_ value: Double) -> String {
    let text = NumberText.fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A text element.
func label(
    _ text: String, x: Double, y: Double, anchor: String = "start", style: String? = nil,
    turned: Double? = nil
) -> String {
    let classes = style.map { " class=\"\($0)\"" } ?? ""
    let turn =
        turned.map { " transform=\"rotate(\(coordinate($0)) \(coordinate(x)) \(coordinate(y)))\"" } ?? ""
    return "<text x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" text-anchor=\"\(anchor)\"\(classes)\(turn)>"
        + "\(MarkupText.escaped(text))</text>"
}

/// Text as XML and HTML have it.
public enum MarkupText {
    /// The text with the characters that markup gives a meaning escaped, for content and for quoted attributes.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                result.unicodeScalars.append(
                    character.properties.generalCategory == .control ? " " : character)
            }
        }
        return result
    }
}

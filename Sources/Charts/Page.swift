/// A self-contained page: no network, no script, light and dark, from a phone's width up.
public struct Page: Sendable {
    /// The title, in the tab and on top.
    public var title: String
    /// What the page is about, in a sentence under the title; plain text.
    public var lead: String
    /// Sections in their order, as HTML.
    public var sections: [String] = []

    /// A page without sections.
    public init(title: String, lead: String) {
        self.title = title
        self.lead = lead
    }

    /// Adds a section of HTML under a heading of plain text.
    public mutating func add(_ heading: String, _ content: String) {
        sections.append("<section><h2>\(MarkupText.escaped(heading))</h2>\n\(content)</section>")
    }

    /// The whole document.
    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width,initial-scale=1"/>
        <title>\(MarkupText.escaped(title))</title>
        <style>\(Self.styleSheet)</style></head><body><main>
        <h1>\(MarkupText.escaped(title))</h1>
        <p class="lead">\(MarkupText.escaped(lead))</p>
        \(sections.joined(separator: "\n"))
        </main></body></html>

        """
    }

    /// Charts side by side where there is room; each is a drawing with its title as caption.
    public static func figures(_ drawings: [Drawing]) -> String {
        let figures = drawings.map {
            "<figure>\($0.inline)<figcaption>\(MarkupText.escaped($0.title))</figcaption></figure>"
        }
        return "<div class=\"figures\">\(figures.joined())</div>\n"
    }

    /// A wide chart, which keeps a size that can be read and scrolls sideways where the page is narrow.
    public static func wideFigure(_ drawing: Drawing) -> String {
        let limits = (coordinate(drawing.width * 0.9), coordinate(drawing.width * 1.1))
        return "<figure class=\"wide\"><div class=\"scroll\">"
            + "<div style=\"min-width:\(limits.0)px;max-width:\(limits.1)px\">"
            + "\(drawing.inline)</div></div></figure>\n"
    }

    /// The rules of pages and of the charts on them: the content of their `style` element.
    public static let styleSheet = ChartStyle.css + "\n" + css

    private static let css = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--surface);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
        h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
        .lead{margin:0;color:var(--soft)}p{max-width:44rem}.note{color:var(--soft);font-size:.9rem;margin:.75rem 0 0}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.5rem 2rem}
        figure{margin:0;max-width:34rem}figure.wide{max-width:none;margin:1.5rem 0}
        figcaption{color:var(--soft);font-size:.9rem;margin-top:.25rem}
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
        th,td{padding:.35rem .9rem .35rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
        thead th{color:var(--soft);font-weight:500}tbody th{font-weight:600}
        .number{text-align:right;white-space:nowrap}thead th{vertical-align:bottom}.range{display:block;color:var(--soft);font-size:.85em;white-space:nowrap}
        td.text{overflow-wrap:anywhere;min-width:8rem}.figures+.scroll{margin-top:1rem}
        summary{cursor:pointer;margin-top:.75rem;color:var(--soft)}details>.scroll{margin-top:.75rem}
        @media (max-width:30rem){th,td{padding-right:.55rem}.range{font-size:.8em;white-space:normal}\
        .remark,td.text{min-width:6rem}.chart:not(.wide *){font-size:16px}.chart:not(.wide *) .tick{font-size:13px}.sign{white-space:normal}}
        .verdict{border-left:.3rem solid var(--soft);background:var(--raised);padding:.75rem 1rem;margin:1.25rem 0 0}
        .verdict p{margin:.25rem 0 0}.verdict strong{font-size:1.1rem}.verdict.pass{border-color:var(--three)}
        .verdict.fail{border-color:var(--six)}.verdict.hold,.verdict.insufficient{border-color:var(--five)}
        .sign{white-space:nowrap}.sign::before{margin-right:.4em}
        .sign.good::before{content:"\\25CF";content:"\\25CF"/"";color:var(--three)}
        .sign.waiting::before{content:"\\25D0";content:"\\25D0"/"";color:var(--five)}
        .sign.bad::before{content:"\\25B2";content:"\\25B2"/"";color:var(--six)}
        .sign.quiet::before{content:"\\25CB";content:"\\25CB"/"";color:var(--soft)}
        .remark{display:block;color:var(--soft);font-size:.85em;overflow-wrap:anywhere;min-width:8rem}
        @media print{main{max-width:none}}
        """
}

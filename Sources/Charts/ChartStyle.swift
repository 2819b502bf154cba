/// The colours and type of charts and pages, light and dark: one list, inlined wherever a chart stands.
///
/// Series colours keep 3:1 against both surfaces and stay apart for colour-blind readers; what they tell is told by
/// labels too.
public enum ChartStyle {
    /// Custom properties of both schemes, and the rules of the charts.
    public static let css = """
        :root{color-scheme:light dark;--surface:#fcfcfb;--raised:#f1f0ec;--ink:#16150f;--soft:#55534b;--line:#d9d7d0;\
        --one:#2a6fd0;--two:#c2511b;--three:#1a7f5a;--four:#8a4fc7;--five:#9a6a00;--six:#b3366f}
        @media (prefers-color-scheme:dark){:root{--surface:#17171a;--raised:#232327;--ink:#f3f2ee;--soft:#b4b2aa;\
        --line:#3c3c42;--one:#6ea8f5;--two:#f08a56;--three:#4fbf93;--four:#bb90ee;--five:#d9ab3c;--six:#ec7fb0}}
        .chart{display:block;width:100%;height:auto;font:13px/1.3 system-ui,sans-serif}
        .chart text{fill:var(--ink)}.chart .tick{fill:var(--soft);font-size:12px}
        .chart .grid{stroke:var(--line);stroke-width:1}.chart .axis{stroke:var(--soft);stroke-width:1}
        .chart .series{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .chart .thin{stroke-width:1}
        .chart .halo{paint-order:stroke;stroke:var(--surface);stroke-width:3px}
        .chart .heading{font-size:16px;font-weight:600}
        .chart .guide{fill:none;stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4}
        """

    /// The colour of series `index`, as a reference to a custom property.
    static func color(_ index: Int) -> String {
        let names = ["one", "two", "three", "four", "five", "six"]
        return "var(--\(names[index % names.count]))"
    }

    /// The stroke pattern of series `index`, so that colour is not the only difference.
    static func dash(_ index: Int) -> String {
        ["", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 4\"", " stroke-dasharray=\"9 3 2 3\""][
            index % 4]
    }
}

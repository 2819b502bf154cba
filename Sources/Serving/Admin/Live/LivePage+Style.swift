import Charts

extension LivePage {
    /// What is between the tags of `style`.
    static let styleSheet = Page.styleSheet + "\n" + css

    private static let css = """
        h3{font-size:1rem;margin:1.5rem 0 .25rem}.aliases{margin:0 0 .5rem;color:var(--soft)}
        .news{margin:.75rem 0 0;font-weight:600}.controls{margin:.75rem 0 0;color:var(--soft)}
        a{color:var(--one)}button{font:inherit;color:var(--ink);background:var(--raised);border:1px solid var(--soft);\
        border-radius:.3rem;padding:.1rem .7rem;margin:0 .5rem}
        a:focus-visible,button:focus-visible{outline:2px solid var(--one);outline-offset:2px}
        .lost:empty{display:none}
        .lost{position:sticky;bottom:0;margin:0;max-width:none;padding:.6rem 1rem;background:var(--ink);color:var(--surface)}
        .figures{margin-top:1.25rem}footer{margin-top:2.5rem;border-top:1px solid var(--line)}
        """
}

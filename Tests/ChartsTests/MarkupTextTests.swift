import Charts
import Testing

struct MarkupTextTests {
    @Test func `what markup gives a meaning is escaped`() {
        #expect(
            MarkupText.escaped(#"<a href="x">'&'</a>"#)
                == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
        #expect(MarkupText.escaped("β 50 %\u{0}\u{1B}[K") == "β 50 %  [K")
    }
}

import OfflineEvaluation
import Testing

@Suite struct NamedModelTests {
    @Test func `two folders of one name are called by what tells them apart`() {
        let cases = [
            ("runs/a/model", "runs/b/model", "a/model", "b/model"),
            ("/home/me/runs/a/model", "model", "a/model", "model"),
            ("x/model/", "x/model", "x/model (A)", "x/model (B)"),
            ("sports@1", "sports@1", "sports@1 (A)", "sports@1 (B)"),
            ("sports", "sports@1", "sports", "sports@1"),
        ]
        for (first, second, one, two) in cases {
            let names = NamedModel.names(tellingApart: first, second)
            #expect(names == (one, two))
        }
    }
}

import Testing

@testable import Datasets

struct DatasetSplitTests {
    @Test func `the splits have the names of the tensors in a data set's file`() {
        #expect(DatasetSplit.allCases.map(\.rawValue) == ["train", "validation", "test"])
    }
}

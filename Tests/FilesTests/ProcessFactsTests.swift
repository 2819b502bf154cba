import Foundation
import Testing

@testable import Files

@Suite struct ProcessFactsTests {
    @Test func `the facts are those of proc's text`() {
        let text = "Name:\tdien\nVmRSS:\t    1768 kB\nRssAnon:\t     116 kB\nRssFile:\t    1652 kB\n"
        let facts = ProcessFacts(status: text, openDescriptors: 3, mappings: 20)
        #expect(facts?.residentBytes == 1768 * 1024)
        #expect(facts?.anonymousBytes == 116 * 1024)
        #expect(ProcessFacts(status: "VmRSS: 1 kB", openDescriptors: 0, mappings: 0) == nil)
    }

    @Test func `reading a file counts as anonymous memory, mapping it does not`() throws {
        let folder = try TemporaryFolder()
        let bytes = 64 << 20
        let path = try folder.write("large", [UInt8](repeating: 1, count: bytes))
        let start = try #require(ProcessFacts.current())
        let mapped = try MappedFile(path: path)
        try mapped.prefault()
        let afterMapping = try #require(ProcessFacts.current())
        // Other tests run beside this one: half of the file is far above what they take meanwhile.
        #expect(Int(afterMapping.anonymousBytes) - Int(start.anonymousBytes) < bytes / 2)
        let read = try MappedFile(reading: path)
        let afterReading = try #require(ProcessFacts.current())
        #expect(Int(afterReading.anonymousBytes) - Int(afterMapping.anonymousBytes) > bytes / 2)
        #expect(read.count == mapped.count)
    }

    @Test func `open descriptors are counted`() throws {
        let facts = try #require(ProcessFacts.current())
        #expect(facts.openDescriptors >= 3)
        #expect(facts.mappings > 10)
    }
}

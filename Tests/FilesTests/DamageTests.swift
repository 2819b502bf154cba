import Foundation
import Testing

@testable import Files

@Suite struct DamageTests {
    static let page = 4096
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mapped(pages: Int) throws -> MappedFile {
        try MappedFile(path: folder.write("weights", [UInt8](repeating: 7, count: pages * Self.page)))
    }

    private func truncate(toPages pages: Int) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/weights"))
        try file.truncate(atOffset: UInt64(pages * Self.page))
        try file.close()
    }

    @Test func `reading what a truncated file has lost gives zeros and the mark, not death`() throws {
        let file = try mapped(pages: 8)
        let other = try MappedFile(path: folder.write("other", [1]))
        #expect(!file.isDamaged)
        try truncate(toPages: 2)
        #expect(file.copy(Self.page..<Self.page + 2) == [7, 7])
        #expect(!file.isDamaged)
        #expect(file.copy(5 * Self.page..<5 * Self.page + 3) == [0, 0, 0])
        #expect(file.isDamaged)
        #expect(file.copy(0..<2) == [7, 7])
        #expect(!other.isDamaged)
    }

    @Test func `a lost file read at random costs a bounded number of mappings`() throws {
        let pages = 1024
        let file = try mapped(pages: pages)
        try truncate(toPages: 0)
        let before = try #require(ProcessFacts.current()).mappings
        // Every second page: no two that are mended lie side by side.
        for page in stride(from: 0, to: pages, by: 2) {
            #expect(file.copy(page * Self.page..<page * Self.page + 1) == [0])
        }
        let after = try #require(ProcessFacts.current()).mappings
        #expect(after - before < 250)
        #expect(file.isDamaged)
    }

    @Test func `many threads may run into one lost page together`() async throws {
        let file = try mapped(pages: 64)
        try truncate(toPages: 0)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<64).count { file.copy($0 * Self.page..<$0 * Self.page + 1) == [0] }
                }
            }
            for await zeros in group { #expect(zeros == 64) }
        }
        #expect(file.isDamaged)
    }

    @Test func `prefaulting brings a whole file in, and refuses one that was cut`() throws {
        let file = try mapped(pages: 300)
        try file.prefault()
        #expect(!file.isDamaged)
        #expect(file.copy(0..<file.count).allSatisfy { $0 == 7 })
        try truncate(toPages: 100)
        #expect(throws: FileError.damaged(path: file.path)) { try file.prefault() }
        #expect(file.isDamaged)
        try MappedFile(path: folder.write("empty", [])).prefault()
    }

    @Test func `a place in the table is free again when its file is let go`() throws {
        for _ in 0..<1000 {
            let file = try mapped(pages: 1)
            #expect(!file.isDamaged)
        }
        let file = try mapped(pages: 2)
        try truncate(toPages: 1)
        _ = file.copy(Self.page..<Self.page + 1)
        #expect(file.isDamaged)
        let next = try mapped(pages: 2)
        #expect(!next.isDamaged)
    }

    @Test func `a SIGBUS outside every mapped file still ends the process`() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            let folder = try TemporaryFolder()
            let path = try folder.write("foreign", [UInt8](repeating: 1, count: 8192))
            let guarded = try MappedFile(path: path)
            let descriptor = unsafe open(path, O_RDWR)
            let foreign = unsafe mmap(nil, 8192, PROT_READ, MAP_SHARED, descriptor, 0)
            ftruncate(descriptor, 0)
            // The guarded mapping of the same file survives first.
            guard guarded.copy(4096..<4097) == [0], guarded.isDamaged else { exit(3) }
            let byte = unsafe foreign?.load(fromByteOffset: 4096, as: UInt8.self)
            exit(byte == 0 ? 4 : 5)
        }
    }

    @Test func `a SIGBUS that somebody sends still ends the process`() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            let folder = try TemporaryFolder()
            let guarded = try MappedFile(path: try folder.write("guarded", [1]))
            kill(getpid(), SIGBUS)
            // Another thread may be the one that takes it.
            sleep(20)
            exit(guarded.isDamaged ? 4 : 5)
        }
    }

    @Test func `a file beyond the table's limit is refused by the limit`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let path = try folder.write("one-more", [1])
            let mapped = try MappedFile(path: path)
            var regions: [GuardedRegion] = []
            while let region = unsafe GuardedRegion(UnsafeRawBufferPointer(mapped.mapping!)) {
                regions.append(region)
            }
            #expect(regions.count == GuardedRegion.limit - 1)
            #expect(throws: FileError.tooManyMappings(path: path, limit: GuardedRegion.limit)) {
                _ = try MappedFile(path: path)
            }
            #expect(try MappedFile(reading: path).copy(0..<1) == [1])
            regions[30_000].release()
            #expect(try MappedFile(path: path).copy(0..<1) == [1])
        }
    }
}

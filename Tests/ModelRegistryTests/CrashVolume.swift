import TestSupport

/// What a disk holds and what it was only told: durable names and contents, and the operations since.
///
/// The model is weaker than any journaling file system, so that what survives here survives there: each unsynced
/// change of a name is kept or lost by itself (of one name in order; a rename never loses the file, but may leave both
/// names), and unsynced content is kept, lost, zeroed or torn. fsync of a file makes its content durable and
/// nothing else; fsync of a directory the names in it and nothing else.
struct CrashVolume: Sendable {
    /// What a name names.
    enum Entry: Sendable, Hashable {
        case directory
        case file(Int)
    }

    /// One file, whatever its names.
    struct Inode: Sendable {
        var synced: [UInt8]
        var content: [UInt8]
        var isDirty = false
    }

    /// A change of one name that no fsync covered yet.
    struct Change: Sendable {
        let path: String
        /// Nil: the name is removed.
        let entry: Entry?
        /// The change that must be kept if this one is: the new name of a file that is renamed.
        let needs: Int?
        let serial: Int
    }

    var inodes: [Int: Inode] = [:]
    /// The names that a crash leaves whatever happens.
    var durable: [String: Entry]
    /// The names that the running system shows.
    var names: [String: Entry]
    var changes: [Change] = []
    private var serial = 0

    /// A disk with one empty folder.
    init(root: String) {
        durable = [root: .directory]
        names = durable
    }

    /// Files that came through a crash are as durable as any.
    init(_ image: CrashImage) {
        durable = [:]
        for path in image.directories { durable[path] = .directory }
        for (number, file) in image.files.enumerated() {
            durable[file.key] = .file(number)
            inodes[number] = Inode(synced: file.value, content: file.value)
        }
        names = durable
        serial = inodes.count
    }

    /// A fresh file.
    mutating func makeInode() -> Int {
        serial += 1
        inodes[serial] = Inode(synced: [], content: [])
        return serial
    }

    /// Changes a name, not durably; gives the change's number.
    @discardableResult
    mutating func set(_ path: String, _ entry: Entry?, needs: Int? = nil) -> Int {
        serial += 1
        names[path] = entry
        changes.append(Change(path: path, entry: entry, needs: needs, serial: serial))
        settle()
        return serial
    }

    /// fsync of a directory.
    mutating func synchronize(directory: String) {
        var chosen = Set(changes.filter { Self.parent(of: $0.path) == directory }.map(\.serial))
        // A removal by rename is one transaction with the new name, wherever that is.
        for change in changes where chosen.contains(change.serial) {
            if let needed = change.needs, let new = changes.first(where: { $0.serial == needed }) {
                for earlier in changes where earlier.path == new.path && earlier.serial <= needed {
                    chosen.insert(earlier.serial)
                }
            }
        }
        for change in changes where chosen.contains(change.serial) { durable[change.path] = change.entry }
        changes.removeAll { chosen.contains($0.serial) }
    }

    /// The journal is written now and then by itself: changes long past are durable. Keeps what is undecided countable.
    private mutating func settle() {
        while changes.count > Self.undecided {
            let oldest = changes.removeFirst()
            durable[oldest.path] = oldest.entry
        }
    }

    /// The most changes that are undecided at a time.
    static let undecided = 20

    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}

/// What a disk holds when the machine comes up again.
struct CrashImage: Sendable, Equatable {
    var files: [String: [UInt8]] = [:]
    var directories: Set<String> = []
}

extension CrashVolume {
    /// How many bits tell one crash of this moment from another: one a change, four a file with unsynced content.
    var choiceBits: Int { changes.count + 4 * dirtyInodes.count }

    private var dirtyInodes: [Int] { inodes.filter { $0.value.isDirty }.keys.sorted() }

    /// What a crash at this moment leaves; `choice` decides for each change and each unsynced content.
    func image(_ choice: UInt64) -> CrashImage {
        var kept = durable
        var lost: Set<Int> = []
        for (bit, change) in changes.enumerated() {
            if choice >> UInt64(bit) & 1 == 0 || change.needs.map(lost.contains) == true {
                lost.insert(change.serial)
            } else {
                kept[change.path] = change.entry
            }
        }
        var contents: [Int: [UInt8]] = [:]
        for (place, number) in dirtyInodes.enumerated() {
            let fate = choice >> UInt64(changes.count + 4 * place) & 15
            contents[number] = inodes[number].map { Self.remains(of: $0, fate: Int(fate), choice) }
        }
        // A directory whose own name was lost takes everything in it along.
        let lostDirectories = changes.filter {
            lost.contains($0.serial) && $0.entry == .directory && kept[$0.path] == nil
        }
        var image = CrashImage()
        for (path, entry) in kept {
            let isLost = lostDirectories.contains { path.hasPrefix($0.path + "/") }
            if isLost { continue }
            switch entry {
            case .directory: image.directories.insert(path)
            case .file(let number): image.files[path] = contents[number] ?? inodes[number]?.synced ?? []
            }
        }
        return image
    }

    /// Nothing, everything, all zeros, a half, or each small block by itself old, new or zero, up to some length.
    private static func remains(of inode: Inode, fate: Int, _ choice: UInt64) -> [UInt8] {
        switch fate {
        case 0: return inode.synced
        case 1: return inode.content
        case 2: return [UInt8](repeating: 0, count: inode.content.count)
        case 3: return Array(inode.content.prefix(inode.content.count / 2))
        default:
            var random = SplitMix64(seed: choice)
            let length = Int.random(in: 0...inode.content.count, using: &random)
            var torn = [UInt8](repeating: 0, count: length)
            for start in stride(from: 0, to: length, by: blockBytes) {
                let block = start..<min(start + blockBytes, length)
                switch random.next() % 3 {
                case 0: break
                case 1: torn.replaceSubrange(block, with: inode.content[block])
                default:
                    for place in block where place < inode.synced.count { torn[place] = inode.synced[place] }
                }
            }
            return torn
        }
    }

    private static let blockBytes = 16
}

/// Points counted in the cells of a grid, so that a picture of many is as large as one of few.
struct PlaneBins {
    /// Cells a side.
    let side: Int
    /// Row after row from the lowest.
    private(set) var counts: [Int]

    /// Each point by its place between the limits of both axes, 0...1; what lies outside or is not finite is not counted.
    /// What lies on the upper limit belongs to the last cell. Precondition: a positive side.
    init(_ places: some Sequence<(x: Double, y: Double)>, side: Int) {
        precondition(side > 0, "a grid of cells")
        self.side = side
        counts = [Int](repeating: 0, count: side * side)
        for place in places {
            guard (0...1).contains(place.x), (0...1).contains(place.y) else { continue }
            let column = min(side - 1, Int(place.x * Double(side)))
            let row = min(side - 1, Int(place.y * Double(side)))
            counts[row * side + column] += 1
        }
    }

    /// Cells that hold points, by how many they hold: level 1 to `levels`, in proportion to the logarithm of the count.
    func levels(_ levels: Int) -> [(column: Int, row: Int, level: Int)] {
        let most = counts.max() ?? 0
        // Doublings; the fullest cell has the last level.
        func doublings(_ count: Int) -> Double {
            let exponent = Double(count).exponent
            return Double(exponent) + Double(count).significand - 1
        }
        let top = max(doublings(most), 1)
        return counts.indices.filter { counts[$0] > 0 }.map { cell in
            let share = doublings(counts[cell]) / top
            return (cell % side, cell / side, min(levels, 1 + Int(share * Double(levels - 1) + 0.5)))
        }
    }
}

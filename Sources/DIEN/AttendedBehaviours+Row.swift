internal import Tensors

extension AttendedBehaviours {
    /// The `count` largest of the first `steps` weights in a row of attention.
    init(_ attention: borrowing Matrix, row: Int, steps: Int, count: Int) {
        let weights = attention.row(row)
        // A short list in order, into which a weight is put that is above its last: T comparisons for most histories.
        var best: [Int] = []
        best.reserveCapacity(count + 1)
        for t in 0..<steps where best.count < count || weights[t] > weights[best[count - 1]] {
            var place = best.count
            while place > 0, weights[best[place - 1]] < weights[t] { place -= 1 }
            best.insert(t, at: place)
            if best.count > count { best.removeLast() }
        }
        positions = best
        self.weights = best.map { weights[$0] }
    }
}

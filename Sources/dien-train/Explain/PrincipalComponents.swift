/// The two directions in which points vary most: what shows states of many dimensions in a plane.
struct PrincipalComponents {
    private let mean: [Double]
    private let directions: [[Double]]

    /// Precondition: points of one width. Power iteration on the covariance, the second direction after the first is
    /// taken out. Points that do not vary are all put in the middle.
    init(_ points: [[Float]]) {
        let width = points.first?.count ?? 0
        let count = Double(max(points.count, 1))
        let mean = (0..<width).map { j in points.reduce(0) { $0 + Double($1[j]) } / count }
        let centred = points.map { point in zip(point, mean).map { Double($0) - $1 } }
        var directions: [[Double]] = []
        for start in 0..<2 where width > 0 {
            var direction = (0..<width).map { $0 % 2 == start ? 1.0 : 0.5 }
            for _ in 0..<200 {
                var next = [Double](repeating: 0, count: width)
                for point in centred {
                    let length = Self.product(point, direction)
                    for j in 0..<width { next[j] += length * point[j] }
                }
                for other in directions {
                    let length = Self.product(next, other)
                    for j in 0..<width { next[j] -= length * other[j] }
                }
                let norm = Self.product(next, next).squareRoot()
                guard norm > 1e-12 else {
                    direction = [Double](repeating: 0, count: width)
                    break
                }
                direction = next.map { $0 / norm }
            }
            directions.append(direction)
        }
        self.mean = mean
        self.directions = directions
    }

    /// The point's place in the plane.
    func callAsFunction(_ point: [Float]) -> (x: Double, y: Double) {
        guard directions.count == 2 else { return (0, 0) }
        let centred = zip(point, mean).map { Double($0) - $1 }
        return (Self.product(centred, directions[0]), Self.product(centred, directions[1]))
    }

    private static func product(_ one: [Double], _ two: [Double]) -> Double {
        zip(one, two).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

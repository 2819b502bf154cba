// swift-tools-version:6.2
import PackageDescription

// A package of its own, so that what is measured is the product as a user builds it.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "dien", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
    ],
    targets: [
        .target(name: "CPeaks"),
        .target(name: "Measuring"),
        .executableTarget(
            name: "machine-peaks",
            dependencies: ["CPeaks", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(
            name: "kernel-benchmark",
            dependencies: [
                "Measuring", .product(name: "DIEN", package: "dien"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "scoring-benchmark",
            dependencies: [
                "Measuring",
                .product(name: "DIEN", package: "dien"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "training-benchmark",
            dependencies: [
                "Measuring",
                .product(name: "DIEN", package: "dien"),
                .product(name: "Training", package: "dien"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "assignment-proof",
            dependencies: [
                .product(name: "Experiment", package: "dien"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
    ]
)

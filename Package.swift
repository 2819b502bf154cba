// swift-tools-version:6.2
import PackageDescription

/// One settings value for every Swift target: unsafe code must be marked, and nothing may warn.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "dien",
    products: [
        .executable(name: "dien-server", targets: ["dien-server"]),
        .executable(name: "dien-registry", targets: ["dien-registry"]),
        .executable(name: "dien-client", targets: ["dien-client"]),
        .executable(name: "dien-train", targets: ["dien-train"]),
        .library(name: "RankingClient", targets: ["RankingClient"]),
        .library(name: "DIEN", targets: ["DIEN", "Tensors"]),
        .library(name: "Experiment", targets: ["Experiment"]),
        .library(name: "Training", targets: ["Training", "Files"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.86.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    ],
    targets: [
        // Floor 0: C. Each module here has exactly one Swift importer, the wrapper of its name on floor 1.
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(
            name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CMessages", dependencies: ["CProtobufC"]),
        .target(name: "CKernels"),
        .target(name: "CSignals"),

        // Floor 1: wrappers. The only Swift that may be unsafe.
        .target(name: "Files", dependencies: ["CSignals", "CZlib"], swiftSettings: strict),
        .target(name: "Tensors", dependencies: ["CKernels", "Files"], swiftSettings: strict),
        .target(name: "Messages", dependencies: ["CMessages", "CProtobufC"], swiftSettings: strict),
        .target(name: "HTTP2", dependencies: ["CNGHTTP2", nioCore], swiftSettings: strict),

        // Beside them: what commands and reports draw.
        .target(name: "Terminal", dependencies: ["Files"], swiftSettings: strict),
        .target(name: "Charts", swiftSettings: strict),
        .target(name: "RandomNumbers", swiftSettings: strict),

        // Floor 2: the domains, which do not know each other.
        .target(name: "DIEN", dependencies: ["Tensors", "Files"], swiftSettings: strict),
        .target(name: "ModelRegistry", dependencies: ["Files", crypto], swiftSettings: strict),
        .target(name: "Experiment", dependencies: [crypto], swiftSettings: strict),
        .target(
            name: "Datasets", dependencies: ["Tensors", "Files", "RandomNumbers"], swiftSettings: strict),
        .target(name: "RequestLog", dependencies: ["Files"], swiftSettings: strict),
        .target(name: "GRPC", dependencies: ["HTTP2", nioCore, nioPosix, logging], swiftSettings: strict),

        // Between them and the next: what is scored, and what servers counted, as messages.
        .target(name: "DIENMessages", dependencies: ["DIEN", "Messages"], swiftSettings: strict),
        .target(
            name: "ExperimentMessages", dependencies: ["Experiment", "Messages"], swiftSettings: strict),

        // Floor 3: where they meet.
        .target(
            name: "Serving",
            dependencies: [
                "GRPC", "Messages", "ExperimentMessages", "ModelRegistry", "Experiment", "RequestLog", "DIEN",
                "DIENMessages", "Charts", "Tensors", "Files", crypto, nioCore, nioPosix, nioHTTP1, logging,
                lifecycle,
            ],
            swiftSettings: strict),
        .target(
            name: "RankingClient",
            dependencies: ["GRPC", "Messages", "ExperimentMessages", "Experiment", nioCore],
            swiftSettings: strict),

        .target(
            name: "Training",
            dependencies: ["DIEN", "Datasets", "Experiment", "Charts", "Tensors", "Files", "RandomNumbers"],
            swiftSettings: strict),

        .target(
            name: "OfflineEvaluation",
            dependencies: [
                "DIEN", "DIENMessages", "Messages", "RequestLog", "Datasets", "Experiment", "ModelRegistry",
                "Charts", "Terminal", "Tensors", "Files",
            ],
            swiftSettings: strict),

        // Floor 4: commands.
        .executableTarget(
            name: "dien-server",
            dependencies: [
                "Serving", "RequestLog", "Tensors", "Files", arguments, logging, lifecycle, unixSignals,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "dien-registry",
            dependencies: [
                "OfflineEvaluation", "RankingClient", "GRPC", "RequestLog", "Datasets", "Experiment",
                "ModelRegistry", "DIEN", "Tensors", "Terminal", "Charts", "Files", arguments,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "dien-client",
            dependencies: [
                "RankingClient", "GRPC", "Messages", "RequestLog", "Datasets", "Experiment", "Charts",
                "Terminal", "Files", "RandomNumbers", histogram, arguments, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "dien-train",
            dependencies: [
                "Training", "OfflineEvaluation", "Datasets", "Experiment", "ModelRegistry", "DIEN", "Charts",
                "Terminal", "Tensors", "Files", arguments,
            ],
            swiftSettings: strict),

        // Tests mirror the sources.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: strict),
        .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: strict),
        .testTarget(
            name: "TensorsTests", dependencies: ["TestSupport", "Tensors", "Files"], swiftSettings: strict),
        .testTarget(name: "MessagesTests", dependencies: ["TestSupport", "Messages"], swiftSettings: strict),
        .testTarget(
            name: "HTTP2Tests", dependencies: ["TestSupport", "HTTP2", nioCore], swiftSettings: strict),
        .testTarget(
            name: "DIENTests", dependencies: ["TestSupport", "DIEN", "Tensors", "Files"],
            resources: [.copy("Golden")],
            swiftSettings: strict),
        .testTarget(
            name: "ModelRegistryTests", dependencies: ["TestSupport", "ModelRegistry", "Files"],
            swiftSettings: strict),
        .testTarget(
            name: "ExperimentTests", dependencies: ["TestSupport", "Experiment", crypto],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "RequestLogTests", dependencies: ["TestSupport", "RequestLog", "Files"],
            swiftSettings: strict),
        .testTarget(
            name: "ExperimentMessagesTests",
            dependencies: ["TestSupport", "ExperimentMessages", "Experiment", "Messages"],
            swiftSettings: strict),
        .testTarget(
            name: "GRPCTests",
            dependencies: ["TestSupport", "GRPC", "HTTP2", nioCore, nioEmbedded, nioPosix, logging],
            swiftSettings: strict),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "TestSupport", "Serving", "ModelRegistry", "Experiment", "ExperimentMessages", "DIENMessages",
                "RequestLog",
                "DIEN", "Tensors", "Files", "Messages", "GRPC", crypto, nioCore, nioHTTP1, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "TestSupport", "Training", "Datasets", "Experiment", "Charts", "DIEN", "Tensors", "Files",
            ],
            exclude: ["TenSteps"], swiftSettings: strict),
        .testTarget(
            name: "DatasetsTests", dependencies: ["TestSupport", "Datasets", "Tensors", "Files"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "RankingClientTests",
            dependencies: [
                "RankingClient", "GRPC", "Messages", "ExperimentMessages", "Experiment", nioCore, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "dien-clientTests",
            dependencies: [
                "TestSupport", "JudgedFixture", "dien-client", "RankingClient", "Messages", "RequestLog",
                "Datasets", "Experiment", "GRPC", "Files", "RandomNumbers", histogram, nioCore,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "dien-registryTests",
            dependencies: [
                "TestSupport", "dien-registry", "Experiment", "ModelRegistry", "Files", arguments,
            ],
            swiftSettings: strict),
        .target(
            name: "JudgedFixture", dependencies: ["OfflineEvaluation", "DIEN", "Datasets"],
            path: "Tests/JudgedFixture", swiftSettings: strict),
        .testTarget(
            name: "OfflineEvaluationTests",
            dependencies: [
                "TestSupport", "JudgedFixture", "OfflineEvaluation", "RequestLog", "Messages", "Experiment",
                "Charts", "Datasets", "DIEN",
            ], swiftSettings: strict),
        .testTarget(
            name: "dien-trainTests",
            dependencies: [
                "TestSupport", "JudgedFixture", "OfflineEvaluation", "dien-train", "Experiment", "Charts",
                "Datasets", "DIEN", "Tensors", "Files",
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)

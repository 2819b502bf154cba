import ArgumentParser
import ModelRegistry

/// The options that describe a split.
struct SplitPlan: ParsableArguments {
    @Option(help: "A version to try, by number or alias; may be given several times.")
    var candidate: [String] = []

    @Option(help: "An arm, NAME=VERSION:WEIGHT; may be given several times, instead of --candidate.")
    var arm: [ArmArgument] = []

    @Flag(inversion: .prefixedNo, help: "Keep a slice of the champion's traffic as large as a candidate's.")
    var control = true

    @Option(
        help: "How much of the arms is enrolled, in percent; 2 gives a candidate and its control 1 % each.")
    var coverage = Percent(basisPoints: 200)

    @Option(help: "What the experiment is hashed with (default: the model's name and the next epoch).")
    var salt: String?

    @Option(help: "What the routing key identifies.")
    var unit = "user_id"

    @Option(
        name: [.customLong("algorithm"), .customLong("algo")],
        help: "How units are hashed: \(Self.algorithms) (default: sha256).",
        transform: Self.algorithm(named:))
    var algorithm = RegisteredSplit.Algorithm.sha256

    @Option(help: "The layer whose segments the split owns, apart from others in it.")
    var layer: String?

    @Option(help: "The segments of the layer, FIRST:END, out of 0:10000.")
    var segments: SegmentsArgument?

    @Option(help: "A unit that gets an arm in any case, UNIT=ARM; may be given several times.")
    var allow: [AllowArgument] = []

    func validate() throws {
        guard candidate.isEmpty != arm.isEmpty else {
            throw ValidationError("give either --candidate or --arm, at least one")
        }
        guard (layer == nil) == (segments == nil) else {
            throw ValidationError("--layer and --segments go together")
        }
    }

    private static let algorithms = RegisteredSplit.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")

    private static func algorithm(named name: String) throws -> RegisteredSplit.Algorithm {
        guard let algorithm = RegisteredSplit.Algorithm(rawValue: name) else {
            throw ValidationError("no algorithm '\(name)'; there is \(algorithms)")
        }
        return algorithm
    }

    /// The split that is meant, on top of a state. Every epoch has its own default salt.
    func split(of model: String, in state: RegistryState) throws -> RegisteredSplit {
        var arms = try arm.map {
            RegisteredSplit.Arm(
                name: $0.name, target: try VersionReference(argument: $0.version, of: model, in: state),
                weight: $0.weight)
        }
        for (index, version) in candidate.enumerated() {
            arms.append(
                RegisteredSplit.Arm(
                    name: index == 0 ? "candidate" : "candidate-\(index + 1)",
                    target: try VersionReference(argument: version, of: model, in: state)))
        }
        let hasControl = control && !candidate.isEmpty
        if hasControl {
            arms.append(RegisteredSplit.Arm(name: "control", target: .alias(RegistryState.champion)))
        }
        for allowed in allow where !arms.contains(where: { $0.name == allowed.arm }) {
            throw ValidationError("--allow \(allowed.unit)=\(allowed.arm): no arm of that name")
        }
        return RegisteredSplit(
            salt: salt ?? "\(model).\(state.epoch + 1)", unit: unit, algorithm: algorithm,
            arms: arms.map { arm in
                RegisteredSplit.Arm(
                    name: arm.name, target: arm.target, weight: arm.weight,
                    allow: allow.filter { $0.arm == arm.name }.map(\.unit))
            },
            coverage: coverage.basisPoints, control: hasControl ? "control" : nil,
            layer: layer.flatMap { name in
                segments.map { RegisteredSplit.Layer(name: name, first: $0.first, end: $0.end) }
            })
    }

    /// The options as the log records them; the arms themselves are in the state.
    func recorded(_ split: RegisteredSplit) -> String {
        let arms = split.arms.prefix(4).map { "--arm \($0.name)=\($0.target):\($0.weight)" }.joined(
            separator: " ")
        return
            "\(arms)\(split.arms.count > 4 ? " …" : "") --coverage \(coverage.argument) --salt \(split.salt)"
    }
}

/// `NAME=VERSION:WEIGHT`; without a weight, 1.
struct ArmArgument: ExpressibleByArgument {
    let name: String
    let version: String
    let weight: UInt32

    init?(argument: String) {
        let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        let parts = sides[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let version = parts.first, !version.isEmpty,
            let weight = parts.count == 2 ? UInt32(parts[1]) : 1
        else { return nil }
        name = String(sides[0])
        self.version = String(version)
        self.weight = weight
    }
}

/// `FIRST:END`.
struct SegmentsArgument: ExpressibleByArgument {
    let first: UInt32
    let end: UInt32

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
        guard parts.count == 2, let first = parts[0], let end = parts[1] else { return nil }
        self.first = first
        self.end = end
    }
}

/// `UNIT=ARM`; the unit may hold an equals sign, an arm cannot.
struct AllowArgument: ExpressibleByArgument {
    let unit: String
    let arm: String

    init?(argument: String) {
        guard let separator = argument.lastIndex(of: "=") else { return nil }
        unit = String(argument[..<separator])
        arm = String(argument[argument.index(after: separator)...])
    }
}

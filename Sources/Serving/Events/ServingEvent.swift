import ModelRegistry

/// Something that happened to what a replica serves, for whoever asks later what happened when.
struct ServingEvent: Sendable, Equatable {
    enum Kind: String, Sendable {
        /// The table follows another epoch.
        case epochFollowed = "epoch_followed"
        /// The next epoch is there and cannot be read.
        case epochUnreadable = "epoch_unreadable"
        /// A version went from one state to another.
        case versionState = "version_state"
        /// A version that left has ended its last request, and its weights are unmapped.
        case versionFreed = "version_freed"
        /// The scrubber found a blob that is damaged or missing.
        case blobDamaged = "blob_damaged"
        /// An experiment's arm failed on a request, which the champion answered; of many in a minute only the first are told.
        case armFault = "arm_fault"
        /// An arm failed too often: the champion answers for it, but for requests that try it now and then.
        case breakerOpened = "breaker_opened"
        /// It answers again.
        case breakerClosed = "breaker_closed"
        /// The guard took an arm out of service here, until the registry names another experiment or version.
        case armStopped = "arm_stopped"
    }

    let kind: Kind
    var epoch: UInt64 = 0
    var model = ""
    var version: UInt64 = 0
    var digest = ""
    var experiment = ""
    var arm = ""
    var from = ""
    var to = ""
    var reason = ""

    /// Whether somebody should look.
    var isFailure: Bool {
        switch kind {
        case .epochUnreadable, .blobDamaged, .armFault, .breakerOpened, .armStopped: true
        case .versionState: to == VersionPhase.refused.rawValue || to == VersionPhase.quarantined.rawValue
        case .epochFollowed, .versionFreed, .breakerClosed: false
        }
    }

    /// The fields that are set, by their names in the log and in JSON, in this order.
    var fields: [(name: String, value: String, isNumber: Bool)] {
        [
            ("event", kind.rawValue, false), ("epoch", "\(epoch)", true), ("model", model, false),
            ("version", version == 0 ? "" : "\(version)", true), ("digest", digest, false),
            ("experiment", experiment, false), ("arm", arm, false),
            ("from", from, false), ("to", to, false), ("reason", reason, false),
        ].filter { !$0.value.isEmpty }
    }
}

/// The states of a version in a replica, as metrics and events name them.
enum VersionPhase: String, Sendable, CaseIterable {
    /// Nothing asks for it.
    case notLoaded = "not_loaded"
    /// Waiting for the versions before it.
    case queued
    /// Digests, sizes, structure, shapes and finite values are being checked.
    case checkingFiles = "checking_files"
    /// Its scores are being compared with those that its trainer expects.
    case scoringGoldenRequests = "scoring_golden_requests"
    /// It scores recent requests, to bring in the pages that they touch.
    case warmingUp = "warming_up"
    /// It answers whoever names it, and is there for a rollback; no alias and no arm is answered by it.
    case ready
    /// An alias or an arm of an experiment is answered by it.
    case active
    /// It failed a check when it was loaded.
    case refused
    /// It was taken out of service after it had been loaded.
    case quarantined
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ModelPool {
    /// What a caller waits for.
    package enum Want: Hashable, Sendable {
        /// To know where the model is.
        case endpoint
        /// To use it for a while.
        case use
        /// That it is loaded.
        case load
    }

    struct Waiter: Equatable, Sendable {
        var caller: CallerID
        var want: Want
        /// Where the context has sent it; nil: where the model is.
        var route: ModelEndpoint?
    }

    /// One model.
    package struct Entry: Equatable, Sendable {
        var state: ModelState
        var rules: ModelRules
        /// Whether the backend serves it without loading it: there is nothing to load and nothing to unload.
        var isStatic = false
        /// While it is ready or draining; nil when it cannot be reached for the moment.
        var endpoint: ModelEndpoint?
        var failure: BackendFailure?
        /// Why it is, or is about to be, `unready`.
        var unready: BackendFailure?
        /// Whether its later users wait behind a model that has waited for room for too long.
        var isYielding = false
        /// Whether others were unloaded to make room for it, while it is queued.
        var hasEvicted = false
        /// Loads that failed since the last that did not.
        var failures = 0
        /// Whether only an explicit load tries again.
        var isGivenUp = false
        /// The load or unload under way.
        var run: RunID?
        /// Uses under way.
        var holders: Set<CallerID> = []
        /// The callers that wait until it is ready, or for a free place.
        var waiters = ModelWaiters()
        /// The callers that wait until it is gone.
        var unloaders: Set<CallerID> = []
        var lastUse = Duration.zero
        var stateTime = Duration.zero
        var loadDuration: Duration?
        /// What happened to it before its load had ended: its other endpoint, and why it broke down.
        var movedTo: ModelEndpoint??
        var brokenBy: BackendFailure?

        var isIdle: Bool { holders.isEmpty && waiters.isEmpty }

        /// Whether it takes room: also while it still comes or goes.
        var isOccupying: Bool {
            if isStatic { return false }
            switch state {
            case .loading, .ready, .unready, .draining, .unloading: return true
            case .failed: return run != nil
            case .notLoaded, .queued: return false
            }
        }

        var isLeaving: Bool { state == .unloading || state == .failed }

        /// What it is to a model that has to be loaded; nil if it takes no room.
        var standing: ModelTable.Standing? {
            guard isOccupying else { return nil }
            if isLeaving { return .leaving }
            if rules.isPinned { return .pinned }
            guard isLoaded || state == .draining else { return .loading }
            return isLoaded && (isYielding ? holders.isEmpty : isIdle) ? .idle : .busy
        }

        /// Whether its load is through, and nothing ends it yet.
        var isLoaded: Bool { state == .ready || state == .unready }

        /// Whether a use is granted at once.
        var takesUses: Bool { hasFreePlace && waiters.isEmpty && !isYielding }

        var hasFreePlace: Bool { rules.maxConcurrent.map { holders.count < $0 } ?? true }

        /// Uses that may wait: those that will have a place once it is ready, and the queue.
        var waitingUsesLimit: Int? {
            guard let places = rules.maxConcurrent else { return nil }
            return (state == .ready && endpoint != nil ? 0 : places) + rules.maxQueue
        }

        /// How many wait already, if they are too many for another waiter; nil if there is a place.
        func waitingTooMany(for waiter: Waiter, limit: Int) -> Int? {
            if waiters.count >= limit { return waiters.count }
            guard waiter.want == .use, let usesLimit = waitingUsesLimit else { return nil }
            return waiters.uses >= usesLimit ? waiters.uses : nil
        }

        /// Where it is reached, if it is ready and has been loaded; counts as a use of this moment.
        mutating func readyEndpoint(at time: Duration) -> ModelEndpoint? {
            guard state == .ready, !isStatic, let endpoint else { return nil }
            lastUse = time
            return endpoint
        }
    }
}

extension ModelPool {
    /// Why none of these models is available: each is `unready` or has failed.
    ///
    /// A pattern stands for models that may still be asked for, so that one which failed to load proves nothing about the others. For
    /// a pattern, only models that have been loaded count, which are unready or have crashed too often.
    func unready(serving names: [String]) -> BackendFailure? {
        if names.contains(where: { ModelGlob.isPattern($0) }) { return unreadyOfLoaded }
        var first: BackendFailure?
        for name in names {
            guard let entry = entries[name], entry.isTroubled else { return nil }
            if first == nil { first = entry.trouble(of: name) }
        }
        return first
    }

    private var unreadyOfLoaded: BackendFailure? {
        var (first, last): (BackendFailure?, String?) = (nil, nil)
        // One after the other: the first that is well decides.
        while let (model, entry) = entries.members(after: last, limit: 1).first {
            last = model
            if entry.state == .failed, entry.failure?.reason != BackendError.Reason.crashLoop.rawValue { continue }
            guard entry.isTroubled else { return nil }
            if first == nil { first = entry.trouble(of: model) }
        }
        return first
    }
}

extension ModelPool.Entry {
    /// Whether it is unready or has failed.
    fileprivate var isTroubled: Bool { state == .unready && unready != nil || state == .failed && failure != nil }

    /// Why it cannot be had, when it is unready or has failed.
    fileprivate func trouble(of model: String) -> BackendFailure? {
        switch state {
        case .unready: unready
        case .failed:
            failure.map { failure in
                BackendFailure(
                    reason: failure.reason, message: "model \(BackendName.quoted(model)) is FAILED: \(failure.message)")
            }
        case .notLoaded, .queued, .loading, .ready, .draining, .unloading: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who may start a backend besides a person; the raw values are those of the configuration file.
package enum StartPolicy: String, Hashable, Sendable, CaseIterable {
    /// The daemon starts it when it starts itself. Requests may start it too.
    case boot
    /// Requests that need it start it.
    case onDemand = "on_demand"
    case manual
}

/// On whose behalf a backend is started.
package enum Starter: Hashable, Sendable {
    /// The caller of a command: nothing but the start lock keeps it from the start.
    case person
    /// A request for a model that the backend serves.
    case request
    /// The daemon, when it starts itself.
    case boot
    /// The daemon, because the backend was started when an earlier daemon ended, or processes of it run.
    case adoption
    /// The daemon, because a reload of the configuration file has replaced the backend, which was started.
    case reload
}

extension Starter {
    /// The cause in the event of the start.
    var cause: BackendEvent.Cause {
        switch self {
        case .person, .request: .startRequested
        case .boot: .boot
        case .adoption: .adopted
        case .reload: .reloaded
        }
    }
}

/// A stop by a person, which keeps a backend down until a person starts it.
package struct BackendHold: Hashable, Sendable {
    /// Who stopped the backend.
    package var caller: CallerIdentity
    package var time: Timestamp

    package init(caller: CallerIdentity, time: Timestamp) {
        self.caller = caller
        self.time = time
    }
}

extension BackendEntry {
    /// Why the backend is not started; nil if it is. A start that has begun can be joined whatever the policy says.
    ///
    /// | | held | disabled | `boot` | `on_demand` | `manual` |
    /// | --- | --- | --- | --- | --- | --- |
    /// | a person | starts, and ends the hold | starts | starts | starts | starts |
    /// | a request | `BACKEND_HELD` | `BACKEND_DISABLED` | starts | starts | `BACKEND_MANUAL` |
    /// | the boot | `BACKEND_HELD` | `BACKEND_DISABLED` | starts | – | – |
    /// | the adoption from an earlier daemon, a reload | `BACKEND_HELD` | starts | starts | starts | starts |
    ///
    /// Of several reasons, the leftmost is the answer.
    func refusal(by starter: Starter) -> BackendError? {
        if starter == .person || lifecycle.isStartedOrWillBe { return nil }
        if let hold { return .backendHeld(name, hold) }
        if starter == .adoption || starter == .reload { return nil }
        if !isEnabled { return .backendDisabled(name) }
        if starter == .request, start == .manual { return .backendManual(name) }
        return nil
    }
}

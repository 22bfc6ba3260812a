// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ProcessInstance {
    /// What happens to an instance; taken in one after the other.
    enum Event: Sendable {
        case start
        case stop
        /// Whoever stops it has lost patience.
        case kill
        case spawned(run: InstanceMachine.RunID, ChildTree, InstanceLaunch)
        case spawnFailed(run: InstanceMachine.RunID, BackendError)
        case exited(run: InstanceMachine.RunID, InstanceEnd)
        case treeEnded(run: InstanceMachine.RunID)
        case probed(run: InstanceMachine.RunID, InstanceMachine.ProbeKind, ProbeResult)
        case timer(InstanceMachine.Timer)
        case foundIll(String)
    }

    /// Who hears of an instance.
    struct Listener: Sendable {
        var changed: @Sendable (InstanceChange) -> Void
        /// It can be reached here from now on, or not at all for the moment.
        var moved: @Sendable (ModelEndpoint?) -> Void
        /// It is not restarted any more.
        var gaveUp: @Sendable (BackendFailure) -> Void
    }
}

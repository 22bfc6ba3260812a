// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// What the driver of ``RegistryState`` has to do.
///
/// The first group changes other values: the driver applies it in order while it holds the lock, so that a reader that sees the new state
/// sees these too; what follows from them, such as the delivery of an event, comes once the lock is free. The second group starts
/// tasks and wakes callers: the driver carries it out after that, in order.
package enum RegistryAction: Equatable, Sendable {
    // MARK: Applied under the lock

    /// Take the backend out of the priority list, and let it clear away what it has left on the disk.
    case unlist(String)
    /// Put the backend, which takes the place of the one that was taken out, into the priority list.
    case list(String)
    /// Open the models of the backend, with what it has room for, or close them, for its new state.
    case updateModels(String, BackendState, ModelCapacity, BackendFailure?)
    /// Put the backend at the place of its new priority.
    case rerank(String)
    /// Refuse the loads of the backend that have not begun.
    case refuseLoads(String)
    /// Number the change and write it into the log of events.
    case record(DaemonEvent)
    /// Keep the backend as it is now, or that it is gone. Comes before the answers that depend on it.
    case persist(String)
    /// Keep that no token up to this number may be given again. No grant waits for it: what is given was reserved before.
    case reserveTokens(UInt64)

    // MARK: Carried out afterwards

    /// Read which models the new configuration of the backend serves, so that they are found. Comes before the answers too.
    case indexModels(String)
    /// Let the started backend take its new configuration over. Comes before what depends on it.
    case reconfigure(String)
    /// Load the models again that run with an older configuration, one after the other.
    case roll(String)
    /// Start the backend, after releasing what a failure left if `cleanUpFirst` says so; report the end.
    case start(String, run: RunID, configuration: ConfigValue, cleanUpFirst: Bool)
    /// Cancel the start under way; its end is still to be reported.
    case cancelStart(String)
    /// Stop the backend, or release what a start left; report the end.
    case stop(String, run: RunID)
    /// Tell the caller what became of its command.
    case answer(CallerID, BackendOutcome)
    /// Tell the caller, of whatever kind, that it does not get what it asked for.
    case refuse(CallerID, BackendError)
    /// Tell the caller that it holds the start lock.
    case grant(CallerID, LockToken)
    /// Forget the lease of a start lock; with an error, tell its holder why it was taken away.
    case endLease(LockToken, BackendError?)
}

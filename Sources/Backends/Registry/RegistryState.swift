// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// What the registry's lock protects.
///
/// Everything here decides in one step, under the lock; whoever has to hear about it stands in the outbox afterwards.
struct RegistryState: Sendable {
    /// A command that waits for the start lock or for the end of a start or stop.
    struct Pending: Sendable {
        var command: BackendCommand
        var reply: RegistryOutbox.CommandReply
    }

    var entries: [String: BackendEntry] = [:]
    /// Names in priority order.
    var order: [String] = []
    var tokens = LockTokens()
    var pending: [CallerID: Pending] = [:]
    var holders: [CallerID: RegistryOutbox.LockReply] = [:]
    /// By token, what to set when the lock is taken away.
    var leases: [UInt64: OneShot<BackendError>] = [:]
    /// Bytes of all configurations.
    var configurationBytes = 0
    /// Set by a shutdown: commands are refused.
    var isDraining = false
    private var lastID: UInt64 = 0

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Changes one backend in place.
    mutating func update<Result>(
        _ name: String, _ body: (inout BackendEntry) throws(BackendError) -> Result
    ) throws(BackendError) -> Result {
        guard let index = entries.index(forKey: name) else { throw .backendNotFound(name) }
        return try body(&entries.values[index])
    }

    func entry(_ name: String) throws(BackendError) -> BackendEntry {
        guard let entry = entries[name] else { throw .backendNotFound(name) }
        return entry
    }

    func requireServing() throws(BackendError) {
        if isDraining { throw .shuttingDown }
    }

    mutating func answer(
        _ caller: CallerID, _ result: Result<BackendOutcome, BackendError>, _ outbox: inout RegistryOutbox
    ) {
        guard let pending = pending.removeValue(forKey: caller) else { return }
        outbox.commands.append((pending.reply, result))
    }

    /// A caller of any kind gets an error.
    mutating func refuse(_ caller: CallerID, _ error: BackendError, _ outbox: inout RegistryOutbox) {
        answer(caller, .failure(error), &outbox)
        guard let reply = holders.removeValue(forKey: caller) else { return }
        outbox.locks.append((reply, .failure(error)))
    }
}

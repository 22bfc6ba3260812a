// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What has to be told once the registry's lock is free again: nobody is woken and nothing is written while it is held.
struct RegistryOutbox: Sendable {
    typealias CommandReply = OneShot<Result<BackendOutcome, BackendError>>
    typealias LockReply = OneShot<Result<StartLockGrant, BackendError>>

    var commands: [(CommandReply, Result<BackendOutcome, BackendError>)] = []
    var locks: [(LockReply, Result<StartLockGrant, BackendError>)] = []
    var breaks: [(OneShot<BackendError>, BackendError)] = []
    var models: [BackendModels.Outbox] = []
    var deleted: [any Backend] = []
    var events = EventOutbox()

    func deliver(_ hub: EventHub) {
        hub.deliver(events)
        // Before the answers: whoever makes a backend of the name afterwards finds nothing of this one.
        for backend in deleted { backend.deleted() }
        for (reply, result) in commands { reply.set(result) }
        for (reply, result) in locks { reply.set(result) }
        for (signal, error) in breaks { signal.set(error) }
        for outbox in models { outbox.deliver(hub) }
    }
}

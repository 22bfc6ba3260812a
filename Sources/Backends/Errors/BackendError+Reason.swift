// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendError {
    /// Every reason the domain gives; the one place where they are listed.
    ///
    /// The raw values are part of the contract: clients compare them, so they are never respelled or reused.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        // Names and existence.
        case backendNotFound = "BACKEND_NOT_FOUND"
        case typeNotFound = "TYPE_NOT_FOUND"
        case backendExists = "BACKEND_EXISTS"
        case typeExists = "TYPE_EXISTS"
        case nameInvalid = "NAME_INVALID"
        case typeNameInvalid = "TYPE_NAME_INVALID"
        case backendsFull = "BACKENDS_FULL"
        case pageInvalid = "PAGE_INVALID"

        // Configuration.
        case configInvalid = "CONFIG_INVALID"
        case configConflict = "CONFIG_CONFLICT"
        case configTooLarge = "CONFIG_TOO_LARGE"
        case generationMoved = "GENERATION_MOVED"
        case ownerEmpty = "OWNER_EMPTY"
        case ownerInvalid = "OWNER_INVALID"
        case ownersFull = "OWNERS_FULL"
        case secretMasked = "SECRET_MASKED"

        // Lifecycle.
        case backendStarted = "BACKEND_STARTED"
        case backendDeleting = "BACKEND_DELETING"
        case startCancelled = "START_CANCELLED"
        case startFailed = "START_FAILED"
        case stopFailed = "STOP_FAILED"
        case backendFailed = "BACKEND_FAILED"
        case callerCancelled = "CALLER_CANCELLED"
        case callersFull = "CALLERS_FULL"
        case shuttingDown = "SHUTTING_DOWN"

        // The start lock.
        case startLockHeld = "START_LOCK_HELD"
        case startLockBroken = "START_LOCK_BROKEN"
        case lockTokenStale = "LOCK_TOKEN_STALE"
        case lockWaitInvalid = "LOCK_WAIT_INVALID"
        case waitersFull = "WAITERS_FULL"

        // Runtime contexts.
        case contextTimeout = "CONTEXT_TIMEOUT"
        case contextFailed = "CONTEXT_FAILED"
        case contextsFull = "CONTEXTS_FULL"

        // Events.
        case sequenceUnknown = "SEQUENCE_UNKNOWN"
        case watchersFull = "WATCHERS_FULL"
    }
}

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
        case stateNotSaved = "STATE_NOT_SAVED"
        case configFileInvalid = "CONFIG_FILE_INVALID"
        case reloadUnsupported = "RELOAD_UNSUPPORTED"

        // Lifecycle.
        case backendStarted = "BACKEND_STARTED"
        case backendDeleting = "BACKEND_DELETING"
        case startCancelled = "START_CANCELLED"
        case startFailed = "START_FAILED"
        case stopFailed = "STOP_FAILED"
        case backendFailed = "BACKEND_FAILED"
        case callerCancelled = "CALLER_CANCELLED"
        case callersFull = "CALLERS_FULL"
        case backendHeld = "BACKEND_HELD"
        case backendDisabled = "BACKEND_DISABLED"
        case backendManual = "BACKEND_MANUAL"
        case orderInvalid = "ORDER_INVALID"
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

        // Models.
        case modelIDInvalid = "MODEL_ID_INVALID"
        case modelNotServed = "MODEL_NOT_SERVED"
        case modelInProcess = "MODEL_IN_PROCESS"
        case modelNotFound = "MODEL_NOT_FOUND"
        case modelNotLoaded = "MODEL_NOT_LOADED"
        case modelNotReady = "MODEL_NOT_READY"
        case modelNotLoadable = "MODEL_NOT_LOADABLE"
        case modelUnavailable = "MODEL_UNAVAILABLE"
        case modelBusy = "MODEL_BUSY"
        case modelUnloaded = "MODEL_UNLOADED"
        case modelFailed = "MODEL_FAILED"
        case modelsFull = "MODELS_FULL"
        case loadCancelled = "LOAD_CANCELLED"
        case noCapacity = "NO_CAPACITY"
        case queueFull = "QUEUE_FULL"
        case waitInvalid = "WAIT_INVALID"
        case backendNotStarted = "BACKEND_NOT_STARTED"
        case addressMissing = "ADDRESS_MISSING"

        // Processes.
        case macroUnknown = "MACRO_UNKNOWN"
        case programNotFound = "PROGRAM_NOT_FOUND"
        case programUnusable = "PROGRAM_UNUSABLE"
        case commandTooLong = "COMMAND_TOO_LONG"
        case spawnFailed = "SPAWN_FAILED"
        case exited = "EXITED"
        case killed = "KILLED"
        case loadTimeout = "LOAD_TIMEOUT"
        case livenessFailed = "LIVENESS_FAILED"
        case crashLoop = "CRASH_LOOP"
        case portInUse = "PORT_IN_USE"
        case portsExhausted = "PORTS_EXHAUSTED"
        case instanceNotReady = "INSTANCE_NOT_READY"
        case instanceNotFound = "INSTANCE_NOT_FOUND"
        case instanceEnded = "INSTANCE_ENDED"
        case logsNotFound = "LOGS_NOT_FOUND"
        case fileUnusable = "FILE_UNUSABLE"
        case noDescriptor = "NO_DESCRIPTOR"

        // Remote endpoints.
        case routeNotAllowed = "ROUTE_NOT_ALLOWED"
        case routeInvalid = "ROUTE_INVALID"
        case nameNotResolved = "NAME_NOT_RESOLVED"
        case connectionFailed = "CONNECTION_FAILED"

        // Tuned prompts.
        case promptIDInvalid = "PROMPT_ID_INVALID"
        case artifactUnusable = "ARTIFACT_UNUSABLE"
        case promptsUnsupported = "PROMPTS_UNSUPPORTED"

        // Events.
        case sequenceUnknown = "SEQUENCE_UNKNOWN"
        case watchersFull = "WATCHERS_FULL"
    }
}

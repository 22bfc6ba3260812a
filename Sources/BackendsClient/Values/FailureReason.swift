// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A stable word that says why something failed: of a call, a backend, a process or a model.
///
/// Compare with the members of this type: `error.reason == .startLockHeld`. A word that this version of the library
/// does not name survives unchanged in ``rawValue``. The daemon never changes what a word means.
public struct FailureReason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The word on the wire, for example `START_LOCK_HELD`.
    public let rawValue: String

    /// Makes a reason from its word on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The word on the wire.
    public var description: String { rawValue }
}

// Backends and their configuration.
extension FailureReason {
    /// No backend has this name.
    public static let backendNotFound = Self(rawValue: "BACKEND_NOT_FOUND")
    /// No type of backend has this name; the message lists the known ones.
    public static let typeNotFound = Self(rawValue: "TYPE_NOT_FOUND")
    /// Another backend has this name.
    public static let backendExists = Self(rawValue: "BACKEND_EXISTS")
    /// Another definition of a type is registered under this name.
    public static let typeExists = Self(rawValue: "TYPE_EXISTS")
    /// The name of a backend does not match `[a-z][a-z0-9-]{0,62}`.
    public static let nameInvalid = Self(rawValue: "NAME_INVALID")
    /// The name of a type does not match `[A-Z][A-Z0-9_]*`.
    public static let typeNameInvalid = Self(rawValue: "TYPE_NAME_INVALID")
    /// The limit of backends is reached.
    public static let backendsFull = Self(rawValue: "BACKENDS_FULL")
    /// A page size or page token does not come from a list.
    public static let pageInvalid = Self(rawValue: "PAGE_INVALID")
    /// The backend's type refuses the configuration; ``BackendClientError/violations`` names each wrong path.
    public static let configInvalid = Self(rawValue: "CONFIG_INVALID")
    /// Two owners give one path different values.
    public static let configConflict = Self(rawValue: "CONFIG_CONFLICT")
    /// A configuration, or all of them together, is too deep, long or large.
    public static let configTooLarge = Self(rawValue: "CONFIG_TOO_LARGE")
    /// The configuration has changed since the generation that the call expects.
    public static let generationMoved = Self(rawValue: "GENERATION_MOVED")
    /// A patch has no owner.
    public static let ownerEmpty = Self(rawValue: "OWNER_EMPTY")
    /// The name of an owner contains characters that cannot be shown.
    public static let ownerInvalid = Self(rawValue: "OWNER_INVALID")
    /// The limit of owners of a backend is reached.
    public static let ownersFull = Self(rawValue: "OWNERS_FULL")
    /// A patch contains a masked secret, `***`; leave the key out or give its value.
    public static let secretMasked = Self(rawValue: "SECRET_MASKED")
    /// The change is in effect, but the daemon cannot save it now.
    public static let stateNotSaved = Self(rawValue: "STATE_NOT_SAVED")
    /// The daemon's configuration file has errors, so that it was not reloaded.
    public static let configFileInvalid = Self(rawValue: "CONFIG_FILE_INVALID")
    /// The daemon has no configuration file to reload.
    public static let reloadUnsupported = Self(rawValue: "RELOAD_UNSUPPORTED")
    /// A field of the request is not valid.
    public static let fieldInvalid = Self(rawValue: "FIELD_INVALID")
}

// The lifecycle and the start lock.
extension FailureReason {
    /// The backend is starting, started or stopping, and the call needs it stopped.
    public static let backendStarted = Self(rawValue: "BACKEND_STARTED")
    /// The backend is not started, or is stopping, and the call needs it started.
    public static let backendNotStarted = Self(rawValue: "BACKEND_NOT_STARTED")
    /// The backend is being deleted.
    public static let backendDeleting = Self(rawValue: "BACKEND_DELETING")
    /// A stop cancelled the start.
    public static let startCancelled = Self(rawValue: "START_CANCELLED")
    /// The start failed; the message says why.
    public static let startFailed = Self(rawValue: "START_FAILED")
    /// The stop failed; the message says why.
    public static let stopFailed = Self(rawValue: "STOP_FAILED")
    /// A started backend broke down.
    public static let backendFailed = Self(rawValue: "BACKEND_FAILED")
    /// A caller has stopped the backend, which holds until a caller starts it; ``BackendClientError/metadata`` has the
    /// `pid`, `uid` and `time` of the stop.
    public static let backendHeld = Self(rawValue: "BACKEND_HELD")
    /// The backend is disabled, so that no request starts it.
    public static let backendDisabled = Self(rawValue: "BACKEND_DISABLED")
    /// The start policy of the backend is ``StartPolicy/manual``, so that no request starts it.
    public static let backendManual = Self(rawValue: "BACKEND_MANUAL")
    /// The backends that a backend is to be started after do not exist, or make a cycle.
    public static let orderInvalid = Self(rawValue: "ORDER_INVALID")
    /// The caller gave up while it waited.
    public static let callerCancelled = Self(rawValue: "CALLER_CANCELLED")
    /// Too many callers wait for this backend.
    public static let callersFull = Self(rawValue: "CALLERS_FULL")
    /// The daemon is shutting down, and the call or what it held has ended.
    public static let shuttingDown = Self(rawValue: "SHUTTING_DOWN")
    /// Another caller holds the start lock; ``BackendClientError/metadata`` has its `pid` and `uid`.
    public static let startLockHeld = Self(rawValue: "START_LOCK_HELD")
    /// The start lock was lost: a call with force broke it, or the connection ended.
    public static let startLockBroken = Self(rawValue: "START_LOCK_BROKEN")
    /// The token belongs to an earlier holder of the start lock.
    public static let lockTokenStale = Self(rawValue: "LOCK_TOKEN_STALE")
    /// A wait for a start lock is negative or longer than an hour.
    public static let lockWaitInvalid = Self(rawValue: "LOCK_WAIT_INVALID")
    /// Too many callers wait for this start lock.
    public static let waitersFull = Self(rawValue: "WAITERS_FULL")
}

// Runtime contexts.
extension FailureReason {
    /// A runtime context has neither a gRPC call nor an HTTP request.
    public static let contextMissing = Self(rawValue: "CONTEXT_MISSING")
    /// A backend took too long with a runtime context.
    public static let contextTimeout = Self(rawValue: "CONTEXT_TIMEOUT")
    /// A backend failed with a runtime context.
    public static let contextFailed = Self(rawValue: "CONTEXT_FAILED")
    /// The limit of runtime contexts under way is reached.
    public static let contextsFull = Self(rawValue: "CONTEXTS_FULL")
    /// A runtime context asks for a route that the backends do not allow.
    public static let routeNotAllowed = Self(rawValue: "ROUTE_NOT_ALLOWED")
    /// A runtime context asks for a route that is not a valid address.
    public static let routeInvalid = Self(rawValue: "ROUTE_INVALID")
}

// Models and prompts.
extension FailureReason {
    /// The ID of a model is not valid, for example empty or longer than 255 bytes.
    public static let modelIDInvalid = Self(rawValue: "MODEL_ID_INVALID")
    /// This backend does not serve the model.
    public static let modelNotServed = Self(rawValue: "MODEL_NOT_SERVED")
    /// None of the backends serves the model.
    public static let modelNotFound = Self(rawValue: "MODEL_NOT_FOUND")
    /// The model is not loaded, and the call does not load it.
    public static let modelNotLoaded = Self(rawValue: "MODEL_NOT_LOADED")
    /// The model is not ready, or did not become ready in time.
    public static let modelNotReady = Self(rawValue: "MODEL_NOT_READY")
    /// The backend serves the model without loading it.
    public static let modelNotLoadable = Self(rawValue: "MODEL_NOT_LOADABLE")
    /// Several backends serve the model, and none of them can now; the message says why for each.
    public static let modelUnavailable = Self(rawValue: "MODEL_UNAVAILABLE")
    /// The model is still in use after the time that its unload may wait.
    public static let modelBusy = Self(rawValue: "MODEL_BUSY")
    /// The model was unloaded with force, or its backend was stopped, while the model was in use.
    public static let modelUnloaded = Self(rawValue: "MODEL_UNLOADED")
    /// The model has failed; ``BackendClientError/metadata`` has the reason.
    public static let modelFailed = Self(rawValue: "MODEL_FAILED")
    /// The limit of models of a backend is reached.
    public static let modelsFull = Self(rawValue: "MODELS_FULL")
    /// The backend leaves the model to the caller's own process.
    public static let modelInProcess = Self(rawValue: "MODEL_IN_PROCESS")
    /// The model was unloaded while the caller waited for it.
    public static let loadCancelled = Self(rawValue: "LOAD_CANCELLED")
    /// Only pinned models are loaded, so waiting does not make room.
    public static let noCapacity = Self(rawValue: "NO_CAPACITY")
    /// Too many callers wait for the model.
    public static let queueFull = Self(rawValue: "QUEUE_FULL")
    /// A wait for a model is negative or longer than an hour.
    public static let waitInvalid = Self(rawValue: "WAIT_INVALID")
    /// The configuration of the backend does not say where the model can be reached.
    public static let addressMissing = Self(rawValue: "ADDRESS_MISSING")
    /// The ID of a tuned prompt does not match `[A-Za-z0-9._-]{1,128}`, or is `.` or `..`.
    public static let promptIDInvalid = Self(rawValue: "PROMPT_ID_INVALID")
    /// A file of a tuned prompt cannot be copied.
    public static let artifactUnusable = Self(rawValue: "ARTIFACT_UNUSABLE")
    /// No started backend has a directory for prompts of the model.
    public static let promptsUnsupported = Self(rawValue: "PROMPTS_UNSUPPORTED")
}

// Processes, their servers and their logs.
extension FailureReason {
    /// A macro of a command has no value.
    public static let macroUnknown = Self(rawValue: "MACRO_UNKNOWN")
    /// The program of a command, or its interpreter or loader, does not exist or is not executable.
    public static let programNotFound = Self(rawValue: "PROGRAM_NOT_FOUND")
    /// The program exists, but the system cannot run it.
    public static let programUnusable = Self(rawValue: "PROGRAM_UNUSABLE")
    /// The arguments and variables of a command are longer than the system allows.
    public static let commandTooLong = Self(rawValue: "COMMAND_TOO_LONG")
    /// The program could not be started.
    public static let spawnFailed = Self(rawValue: "SPAWN_FAILED")
    /// A process ended by itself.
    public static let exited = Self(rawValue: "EXITED")
    /// A signal ended a process.
    public static let killed = Self(rawValue: "KILLED")
    /// A process was not ready in time.
    public static let loadTimeout = Self(rawValue: "LOAD_TIMEOUT")
    /// The startup or readiness probe of a process has not succeeded yet.
    public static let probeFailed = Self(rawValue: "PROBE_FAILED")
    /// The readiness probe of a process failed, or the process does not listen at its address.
    public static let readinessFailed = Self(rawValue: "READINESS_FAILED")
    /// A process did not answer its liveness probe and is restarted.
    public static let livenessFailed = Self(rawValue: "LIVENESS_FAILED")
    /// A process failed again after all restarts that its configuration allows.
    public static let crashLoop = Self(rawValue: "CRASH_LOOP")
    /// Another process listens at the port or socket.
    public static let portInUse = Self(rawValue: "PORT_IN_USE")
    /// No port of the range is free.
    public static let portsExhausted = Self(rawValue: "PORTS_EXHAUSTED")
    /// The process is not ready now; ``BackendClientError/metadata`` has its state.
    public static let instanceNotReady = Self(rawValue: "INSTANCE_NOT_READY")
    /// The backend has no process of this name now.
    public static let instanceNotFound = Self(rawValue: "INSTANCE_NOT_FOUND")
    /// The process has ended for good, or is being stopped.
    public static let instanceEnded = Self(rawValue: "INSTANCE_ENDED")
    /// The output of a process cannot be kept in its log files.
    public static let logNotKept = Self(rawValue: "LOG_NOT_KEPT")
    /// The backend has not run a process yet, or its type does not run any.
    public static let logsNotFound = Self(rawValue: "LOGS_NOT_FOUND")
    /// A file or directory that is needed cannot be used.
    public static let fileUnusable = Self(rawValue: "FILE_UNUSABLE")
    /// The host name of a server could not be resolved.
    public static let nameNotResolved = Self(rawValue: "NAME_NOT_RESOLVED")
    /// A test of the connection to a remote server failed.
    public static let connectionFailed = Self(rawValue: "CONNECTION_FAILED")
}

// Observing.
extension FailureReason {
    /// No event of the run has this sequence number yet.
    public static let sequenceUnknown = Self(rawValue: "SEQUENCE_UNKNOWN")
    /// The limit of watching clients is reached.
    public static let watchersFull = Self(rawValue: "WATCHERS_FULL")
}

// The daemon and its limits.
extension FailureReason {
    /// The daemon does not serve this user.
    public static let peerNotAllowed = Self(rawValue: "PEER_NOT_ALLOWED")
    /// The call timed out.
    public static let deadlineExceeded = Self(rawValue: "DEADLINE_EXCEEDED")
    /// The daemon is shutting down and takes no new calls; the call did not run.
    public static let serverDraining = Self(rawValue: "SERVER_DRAINING")
    /// The daemon ended before the call was over.
    public static let serverShutDown = Self(rawValue: "SERVER_SHUT_DOWN")
    /// A message is longer than 4 MiB.
    public static let messageTooLarge = Self(rawValue: "MESSAGE_TOO_LARGE")
    /// The metadata of the call has too many pairs, or pairs that are too long.
    public static let metadataTooLarge = Self(rawValue: "METADATA_TOO_LARGE")
    /// A message takes too much memory when it is decoded.
    public static let payloadTooLarge = Self(rawValue: "PAYLOAD_TOO_LARGE")
    /// A request cannot be encoded: a text contains a NUL, or the message is nested too deeply.
    public static let payloadUnencodable = Self(rawValue: "PAYLOAD_UNENCODABLE")
    /// The requests of all clients take more memory than the daemon allows.
    public static let serverOverBudget = Self(rawValue: "SERVER_OVER_BUDGET")
    /// The unread output of all clients takes more memory than the daemon allows.
    public static let outputOverBudget = Self(rawValue: "OUTPUT_OVER_BUDGET")
    /// Too many unread messages of one stream wait.
    public static let streamOverBudget = Self(rawValue: "STREAM_OVER_BUDGET")
    /// Too many unread answers of one connection wait.
    public static let outputFull = Self(rawValue: "OUTPUT_FULL")
    /// Too many calls are open on one connection.
    public static let tooManyStreams = Self(rawValue: "TOO_MANY_STREAMS")
    /// Too many calls of one process are open.
    public static let tooManyCalls = Self(rawValue: "TOO_MANY_CALLS")
    /// The limit of the daemon's connections is reached.
    public static let tooManyConnections = Self(rawValue: "TOO_MANY_CONNECTIONS")
}

// This process and its connection.
extension FailureReason {
    /// No daemon listens on the socket.
    public static let noDaemon = Self(rawValue: "NO_DAEMON")
    /// The file permissions of the socket or its directory keep this process out.
    public static let socketForbidden = Self(rawValue: "SOCKET_FORBIDDEN")
    /// The daemon does not accept the connections that wait.
    public static let backlogFull = Self(rawValue: "BACKLOG_FULL")
    /// The connection failed in another way, for example because the path is not a socket.
    public static let cannotConnect = Self(rawValue: "CANNOT_CONNECT")
    /// The process, or the daemon, has no file descriptor left.
    public static let noDescriptor = Self(rawValue: "NO_DESCRIPTOR")
    /// The process has no file descriptor or thread left for a client.
    public static let noClient = Self(rawValue: "NO_CLIENT")
    /// The connection ended before the answer; the call may have run.
    public static let connectionLost = Self(rawValue: "CONNECTION_LOST")
    /// The connection ended before the call was sent; it did not run.
    public static let notSent = Self(rawValue: "NOT_SENT")
    /// The daemon's answer breaks the protocol.
    public static let protocolError = Self(rawValue: "PROTOCOL_ERROR")
    /// The caller did not read the messages of a stream in time.
    public static let slowReader = Self(rawValue: "SLOW_READER")
    /// The caller's task was cancelled.
    public static let callCancelled = Self(rawValue: "CALL_CANCELLED")
    /// A message was sent on a call that has ended.
    public static let callEnded = Self(rawValue: "CALL_ENDED")
    /// The client is closed.
    public static let clientClosed = Self(rawValue: "CLIENT_CLOSED")
    /// The client itself is at fault.
    public static let clientFault = Self(rawValue: "CLIENT_FAULT")
    /// The session of runtime contexts has ended.
    public static let sessionEnded = Self(rawValue: "SESSION_ENDED")
    /// Too many runtime contexts of a session wait for their answers.
    public static let tooManyContexts = Self(rawValue: "TOO_MANY_CONTEXTS")
    /// The daemon ended the stream of events.
    public static let watchEnded = Self(rawValue: "WATCH_ENDED")
}

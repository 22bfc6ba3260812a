// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/v1/configuration.proto; do not edit.

package import CProtos
public import SocketRPC

/// The enum `backends.v1.ReloadKind`.
public enum ReloadKind: Hashable, Sendable {
    /// `RELOAD_KIND_UNSPECIFIED`, 0.
    case unspecified
    /// `RELOAD_KIND_ADDED`, 1.
    case added
    /// It is stopped and deleted.
    case removed
    /// It takes the change over, and its processes run on.
    case changed
    /// `RELOAD_KIND_NEEDS_RESTART`, 4.
    case needsRestart
    /// `RELOAD_KIND_UNCHANGED`, 5.
    case unchanged
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .added
        case 2: self = .removed
        case 3: self = .changed
        case 4: self = .needsRestart
        case 5: self = .unchanged
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .added: 1
        case .removed: 2
        case .changed: 3
        case .needsRestart: 4
        case .unchanged: 5
        case .unrecognized(let number): number
        }
    }
}

/// When a change that needs a restart reaches a backend that runs.
public enum ReloadApply: Hashable, Sendable {
    /// The same as NEXT_START.
    case unspecified
    /// At once: the backend is stopped and started.
    case now
    /// With the next start of the backend.
    case nextStart
    /// At once: the models are unloaded and loaded one after the other.
    case rolling
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    public init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .now
        case 2: self = .nextStart
        case 3: self = .rolling
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    public var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .now: 1
        case .nextStart: 2
        case .rolling: 3
        case .unrecognized(let number): number
        }
    }
}

/// The message `backends.v1.ExportConfigurationRequest`.
public struct ExportConfigurationRequest: Hashable, Sendable {
    /// Returns secrets as they are, not as "***".
    public var includeSecrets: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        includeSecrets: Bool = false
    ) {
        self.includeSecrets = includeSecrets
    }
}

/// The message `backends.v1.ExportConfigurationResponse`.
public struct ExportConfigurationResponse: Hashable, Sendable {
    /// In priority order.
    public var backends: [ExportedBackend] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backends: [ExportedBackend] = []
    ) {
        self.backends = backends
    }
}

/// An entry of the list "backends" of the configuration file.
public struct ExportedBackend: Hashable, Sendable {
    /// The field `name` of `backends.v1.ExportedBackend`.
    public var name: String = ""
    /// The field `type` of `backends.v1.ExportedBackend`.
    public var type: String = ""
    /// The field `priority` of `backends.v1.ExportedBackend`.
    public var priority: Int32 = 0
    /// The base and the layers of all owners as one, without the defaults of the type and without patches that wait for the next start.
    public var config: GoogleStruct? = nil
    /// The field `start` of `backends.v1.ExportedBackend`.
    public var start: StartPolicy = .unspecified
    /// The field `after` of `backends.v1.ExportedBackend`.
    public var after: [String] = []
    /// When a change of the entry that needs a restart takes effect.
    public var apply: ReloadApply = .unspecified

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        type: String = "",
        priority: Int32 = 0,
        config: GoogleStruct? = nil,
        start: StartPolicy = .unspecified,
        after: [String] = [],
        apply: ReloadApply = .unspecified
    ) {
        self.name = name
        self.type = type
        self.priority = priority
        self.config = config
        self.start = start
        self.after = after
        self.apply = apply
    }
}

/// The message `backends.v1.ReloadConfigurationRequest`.
public struct ReloadConfigurationRequest: Hashable, Sendable {
    /// Changes nothing.
    public var dryRun: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        dryRun: Bool = false
    ) {
        self.dryRun = dryRun
    }
}

/// The message `backends.v1.ReloadConfigurationResponse`.
public struct ReloadConfigurationResponse: Hashable, Sendable {
    /// Those of the file in its order, then those that it does not name any more. Backends that were created by calls are not among them.
    public var backends: [BackendReload] = []
    /// The keys of the daemon that differ, sorted by path.
    public var keys: [DaemonKeyReload] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        backends: [BackendReload] = [],
        keys: [DaemonKeyReload] = []
    ) {
        self.backends = backends
        self.keys = keys
    }
}

/// What becomes of a backend.
public struct BackendReload: Hashable, Sendable {
    /// The field `name` of `backends.v1.BackendReload`.
    public var name: String = ""
    /// The field `kind` of `backends.v1.BackendReload`.
    public var kind: ReloadKind = .unspecified
    /// Set if the kind is NEEDS_RESTART.
    public var apply: ReloadApply = .unspecified
    /// What differs, sorted, for example "priority" and "config.command"; never a value.
    public var paths: [String] = []
    /// Set while a client holds the start lock: the change waits until the lock is free.
    public var lockHolder: StartLockHolder? = nil
    /// The owners whose layers do not fit the new configuration: these layers are dropped.
    public var droppedOwners: [String] = []

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        name: String = "",
        kind: ReloadKind = .unspecified,
        apply: ReloadApply = .unspecified,
        paths: [String] = [],
        lockHolder: StartLockHolder? = nil,
        droppedOwners: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.apply = apply
        self.paths = paths
        self.lockHolder = lockHolder
        self.droppedOwners = droppedOwners
    }
}

/// What becomes of a key of the daemon that differs.
public struct DaemonKeyReload: Hashable, Sendable {
    /// The field `path` of `backends.v1.DaemonKeyReload`.
    public var path: String = ""
    /// Only the next start of the daemon takes it over.
    public var needsRestart: Bool = false

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        path: String = "",
        needsRestart: Bool = false
    ) {
        self.path = path
        self.needsRestart = needsRestart
    }
}

extension ExportConfigurationRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportConfigurationRequest>.size }
    package static let protobufName = "backends.v1.ExportConfigurationRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportConfigurationRequest()
        unsafe backends__v1__export_configuration_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationRequest.self)
        includeSecrets = unsafe storage.pointee.include_secrets != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportConfigurationRequest.self, capacity: 1)
        unsafe backends__v1__export_configuration_request__init(storage)
        unsafe storage.pointee.include_secrets = includeSecrets ? 1 : 0
    }
}

extension ExportConfigurationRequest {
    /// A `backends.v1.ExportConfigurationRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportConfigurationRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportConfigurationRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationRequest.self)
        }

        /// The message as a value.
        package func copied() -> ExportConfigurationRequest {
            unsafe ExportConfigurationRequest(copying: storage)
        }

        package var includeSecrets: Bool { unsafe storage.pointee.include_secrets != 0 }
    }
}

extension ExportConfigurationResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportConfigurationResponse>.size }
    package static let protobufName = "backends.v1.ExportConfigurationResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportConfigurationResponse()
        unsafe backends__v1__export_configuration_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationResponse.self)
        backends = unsafe MessageFields.messages(storage.pointee.backends, Int(storage.pointee.n_backends), ExportedBackend.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportConfigurationResponse.self, capacity: 1)
        unsafe backends__v1__export_configuration_response__init(storage)
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.messages(backends).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__ExportedBackend>?.self)
            unsafe storage.pointee.n_backends = backends.count
        }
    }
}

extension ExportConfigurationResponse {
    /// A `backends.v1.ExportConfigurationResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportConfigurationResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportConfigurationResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportConfigurationResponse.self)
        }

        /// The message as a value.
        package func copied() -> ExportConfigurationResponse {
            unsafe ExportConfigurationResponse(copying: storage)
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ExportedBackend.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(ExportedBackend.View(message))
        }
    }
}

extension ExportedBackend: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ExportedBackend>.size }
    package static let protobufName = "backends.v1.ExportedBackend"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ExportedBackend()
        unsafe backends__v1__exported_backend__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportedBackend.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        type = unsafe MessageFields.string(storage.pointee.type)
        priority = unsafe storage.pointee.priority
        config = unsafe storage.pointee.config.map { GoogleStruct(copying: $0) }
        start = unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue))
        after = unsafe MessageFields.strings(storage.pointee.after, Int(storage.pointee.n_after))
        apply = unsafe ReloadApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ExportedBackend.self, capacity: 1)
        unsafe backends__v1__exported_backend__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.ExportedBackend.name")
        }
        if !type.isEmpty {
            unsafe storage.pointee.type = try arena.string(type, "backends.v1.ExportedBackend.type")
        }
        unsafe storage.pointee.priority = priority
        if let config {
            unsafe storage.pointee.config = try arena.message(config).assumingMemoryBound(to: Google__Protobuf__Struct.self)
        }
        unsafe storage.pointee.start = Backends__V1__StartPolicy(rawValue: .init(truncatingIfNeeded: start.rawValue))
        if !after.isEmpty {
            unsafe storage.pointee.after = try arena.strings(after, "backends.v1.ExportedBackend.after")
            unsafe storage.pointee.n_after = after.count
        }
        unsafe storage.pointee.apply = Backends__V1__ReloadApply(rawValue: .init(truncatingIfNeeded: apply.rawValue))
    }
}

extension ExportedBackend {
    /// A `backends.v1.ExportedBackend` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ExportedBackend
        @usableFromInline let storage: UnsafePointer<Backends__V1__ExportedBackend>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ExportedBackend.self)
        }

        /// The message as a value.
        package func copied() -> ExportedBackend {
            unsafe ExportedBackend(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var type: String { unsafe MessageFields.string(storage.pointee.type) }

        @inlinable package func withType<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.type, body)
        }

        package var priority: Int32 { unsafe storage.pointee.priority }

        @inlinable package var hasConfig: Bool { unsafe storage.pointee.config != nil }

        @inlinable package func withConfig<Result, Failure: Error>(
            _ body: (borrowing GoogleStruct.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.config else { return nil }
            return try body(GoogleStruct.View(message))
        }

        package var start: StartPolicy { unsafe StartPolicy(rawValue: Int32(truncatingIfNeeded: storage.pointee.start.rawValue)) }

        @inlinable package var afterCount: Int { Int(unsafe storage.pointee.n_after) }

        @inlinable package func withAfter<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < afterCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.after[index], body)
        }

        package var apply: ReloadApply { unsafe ReloadApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue)) }
    }
}

extension ReloadConfigurationRequest: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReloadConfigurationRequest>.size }
    package static let protobufName = "backends.v1.ReloadConfigurationRequest"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReloadConfigurationRequest()
        unsafe backends__v1__reload_configuration_request__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReloadConfigurationRequest.self)
        dryRun = unsafe storage.pointee.dry_run != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReloadConfigurationRequest.self, capacity: 1)
        unsafe backends__v1__reload_configuration_request__init(storage)
        unsafe storage.pointee.dry_run = dryRun ? 1 : 0
    }
}

extension ReloadConfigurationRequest {
    /// A `backends.v1.ReloadConfigurationRequest` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReloadConfigurationRequest
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReloadConfigurationRequest>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReloadConfigurationRequest.self)
        }

        /// The message as a value.
        package func copied() -> ReloadConfigurationRequest {
            unsafe ReloadConfigurationRequest(copying: storage)
        }

        package var dryRun: Bool { unsafe storage.pointee.dry_run != 0 }
    }
}

extension ReloadConfigurationResponse: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__ReloadConfigurationResponse>.size }
    package static let protobufName = "backends.v1.ReloadConfigurationResponse"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__ReloadConfigurationResponse()
        unsafe backends__v1__reload_configuration_response__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReloadConfigurationResponse.self)
        backends = unsafe MessageFields.messages(storage.pointee.backends, Int(storage.pointee.n_backends), BackendReload.self)
        keys = unsafe MessageFields.messages(storage.pointee.keys, Int(storage.pointee.n_keys), DaemonKeyReload.self)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__ReloadConfigurationResponse.self, capacity: 1)
        unsafe backends__v1__reload_configuration_response__init(storage)
        if !backends.isEmpty {
            unsafe storage.pointee.backends = try arena.messages(backends).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__BackendReload>?.self)
            unsafe storage.pointee.n_backends = backends.count
        }
        if !keys.isEmpty {
            unsafe storage.pointee.keys = try arena.messages(keys).assumingMemoryBound(to: UnsafeMutablePointer<Backends__V1__DaemonKeyReload>?.self)
            unsafe storage.pointee.n_keys = keys.count
        }
    }
}

extension ReloadConfigurationResponse {
    /// A `backends.v1.ReloadConfigurationResponse` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ReloadConfigurationResponse
        @usableFromInline let storage: UnsafePointer<Backends__V1__ReloadConfigurationResponse>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__ReloadConfigurationResponse.self)
        }

        /// The message as a value.
        package func copied() -> ReloadConfigurationResponse {
            unsafe ReloadConfigurationResponse(copying: storage)
        }

        @inlinable package var backendsCount: Int { Int(unsafe storage.pointee.n_backends) }

        @inlinable package func withBackends<Result, Failure: Error>(
            at index: Int, _ body: (borrowing BackendReload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < backendsCount, "no element has this index")
            guard let message = unsafe storage.pointee.backends[index] else { return nil }
            return try body(BackendReload.View(message))
        }

        @inlinable package var keysCount: Int { Int(unsafe storage.pointee.n_keys) }

        @inlinable package func withKeys<Result, Failure: Error>(
            at index: Int, _ body: (borrowing DaemonKeyReload.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < keysCount, "no element has this index")
            guard let message = unsafe storage.pointee.keys[index] else { return nil }
            return try body(DaemonKeyReload.View(message))
        }
    }
}

extension BackendReload: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__BackendReload>.size }
    package static let protobufName = "backends.v1.BackendReload"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__BackendReload()
        unsafe backends__v1__backend_reload__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendReload.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        kind = unsafe ReloadKind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue))
        apply = unsafe ReloadApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue))
        paths = unsafe MessageFields.strings(storage.pointee.paths, Int(storage.pointee.n_paths))
        lockHolder = unsafe storage.pointee.lock_holder.map { StartLockHolder(copying: $0) }
        droppedOwners = unsafe MessageFields.strings(storage.pointee.dropped_owners, Int(storage.pointee.n_dropped_owners))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__BackendReload.self, capacity: 1)
        unsafe backends__v1__backend_reload__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.v1.BackendReload.name")
        }
        unsafe storage.pointee.kind = Backends__V1__ReloadKind(rawValue: .init(truncatingIfNeeded: kind.rawValue))
        unsafe storage.pointee.apply = Backends__V1__ReloadApply(rawValue: .init(truncatingIfNeeded: apply.rawValue))
        if !paths.isEmpty {
            unsafe storage.pointee.paths = try arena.strings(paths, "backends.v1.BackendReload.paths")
            unsafe storage.pointee.n_paths = paths.count
        }
        if let lockHolder {
            unsafe storage.pointee.lock_holder = try arena.message(lockHolder).assumingMemoryBound(to: Backends__V1__StartLockHolder.self)
        }
        if !droppedOwners.isEmpty {
            unsafe storage.pointee.dropped_owners = try arena.strings(droppedOwners, "backends.v1.BackendReload.dropped_owners")
            unsafe storage.pointee.n_dropped_owners = droppedOwners.count
        }
    }
}

extension BackendReload {
    /// A `backends.v1.BackendReload` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = BackendReload
        @usableFromInline let storage: UnsafePointer<Backends__V1__BackendReload>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__BackendReload.self)
        }

        /// The message as a value.
        package func copied() -> BackendReload {
            unsafe BackendReload(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var kind: ReloadKind { unsafe ReloadKind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue)) }

        package var apply: ReloadApply { unsafe ReloadApply(rawValue: Int32(truncatingIfNeeded: storage.pointee.apply.rawValue)) }

        @inlinable package var pathsCount: Int { Int(unsafe storage.pointee.n_paths) }

        @inlinable package func withPaths<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < pathsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.paths[index], body)
        }

        @inlinable package var hasLockHolder: Bool { unsafe storage.pointee.lock_holder != nil }

        @inlinable package func withLockHolder<Result, Failure: Error>(
            _ body: (borrowing StartLockHolder.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.lock_holder else { return nil }
            return try body(StartLockHolder.View(message))
        }

        @inlinable package var droppedOwnersCount: Int { Int(unsafe storage.pointee.n_dropped_owners) }

        @inlinable package func withDroppedOwners<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < droppedOwnersCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.dropped_owners[index], body)
        }
    }
}

extension DaemonKeyReload: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__V1__DaemonKeyReload>.size }
    package static let protobufName = "backends.v1.DaemonKeyReload"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__V1__DaemonKeyReload()
        unsafe backends__v1__daemon_key_reload__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DaemonKeyReload.self)
        path = unsafe MessageFields.string(storage.pointee.path)
        needsRestart = unsafe storage.pointee.needs_restart != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__V1__DaemonKeyReload.self, capacity: 1)
        unsafe backends__v1__daemon_key_reload__init(storage)
        if !path.isEmpty {
            unsafe storage.pointee.path = try arena.string(path, "backends.v1.DaemonKeyReload.path")
        }
        unsafe storage.pointee.needs_restart = needsRestart ? 1 : 0
    }
}

extension DaemonKeyReload {
    /// A `backends.v1.DaemonKeyReload` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = DaemonKeyReload
        @usableFromInline let storage: UnsafePointer<Backends__V1__DaemonKeyReload>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__V1__DaemonKeyReload.self)
        }

        /// The message as a value.
        package func copied() -> DaemonKeyReload {
            unsafe DaemonKeyReload(copying: storage)
        }

        package var path: String { unsafe MessageFields.string(storage.pointee.path) }

        @inlinable package func withPath<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.path, body)
        }

        package var needsRestart: Bool { unsafe storage.pointee.needs_restart != 0 }
    }
}

/// The methods of `backends.v1.ConfigurationService`.
package enum ConfigurationServiceMethods {
    package static let exportConfiguration = RPCMethod<ExportConfigurationRequest, ExportConfigurationResponse>(
        service: "backends.v1.ConfigurationService", name: "ExportConfiguration", kind: .unary)
    package static let reloadConfiguration = RPCMethod<ReloadConfigurationRequest, ReloadConfigurationResponse>(
        service: "backends.v1.ConfigurationService", name: "ReloadConfiguration", kind: .unary)
}

/// The configuration of the daemon as a whole.
package protocol ConfigurationService: Sendable {
    /// Returns all backends as the configuration file has them.
    func exportConfiguration(
        _ request: ExportConfigurationRequest, context: CallContext
    ) async throws(RPCStatus) -> ExportConfigurationResponse

    /// Reads the configuration file again and applies what has changed, or only says what would change. Returns once everything is decided;
    /// stops, starts and restarts go on. Several calls run one after the other.
    func reloadConfiguration(
        _ request: ReloadConfigurationRequest, context: CallContext
    ) async throws(RPCStatus) -> ReloadConfigurationResponse
}

extension ConfigurationService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "backends.v1.ConfigurationService",
            methods: [
                MethodHandler(ConfigurationServiceMethods.exportConfiguration) {
                    (request, context) async throws(RPCStatus) in
                    try await self.exportConfiguration(request, context: context)
                },
                MethodHandler(ConfigurationServiceMethods.reloadConfiguration) {
                    (request, context) async throws(RPCStatus) in
                    try await self.reloadConfiguration(request, context: context)
                },
            ])
    }
}

/// Calls the methods of `backends.v1.ConfigurationService`.
package struct ConfigurationServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Returns all backends as the configuration file has them.
    package nonisolated(nonsending) func exportConfiguration(
        _ request: ExportConfigurationRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ExportConfigurationResponse {
        try await caller.unary(ConfigurationServiceMethods.exportConfiguration, request, options: options)
    }

    /// Reads the configuration file again and applies what has changed, or only says what would change. Returns once everything is decided;
    /// stops, starts and restarts go on. Several calls run one after the other.
    package nonisolated(nonsending) func reloadConfiguration(
        _ request: ReloadConfigurationRequest, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> ReloadConfigurationResponse {
        try await caller.unary(ConfigurationServiceMethods.reloadConfiguration, request, options: options)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import ConfigDocument
internal import SocketRPC
internal import SystemIO

/// Answers `BackendConfigService`.
struct BackendConfigHandler: BackendConfigService {
    let registry: BackendRegistry

    func createBackend(
        _ request: CreateBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> CreateBackendResponse {
        AuditLog.note(backend: request.name)
        let configuration = try ConfigValue(request.config)
        let priority: Int32? =
            switch request.order {
            case .priority(let priority): priority
            case nil: nil
            }
        let definition = BackendDefinition(
            name: request.name, type: request.type, configuration: configuration, priority: priority,
            start: try Backends.StartPolicy(request.start), after: request.after)
        let snapshot = try await asStatus { () async throws(BackendError) in
            let snapshot = try registry.create(definition)
            try await registry.waitUntilSaved(definition.name)
            return snapshot
        }
        return CreateBackendResponse(backend: BackendsAPI.Backend(snapshot))
    }

    func getBackend(_ request: GetBackendRequest, context: CallContext) async throws(RPCStatus) -> GetBackendResponse {
        await registry.measure(request.name)
        return try asStatus { () throws(BackendError) in
            let origins = request.includeOrigins ? try registry.origins(of: request.name) : []
            return GetBackendResponse(
                backend: BackendsAPI.Backend(try registry.get(request.name)),
                origins: origins.map { BackendsAPI.ConfigOrigin($0) })
        }
    }

    func listBackends(
        _ request: ListBackendsRequest, context: CallContext
    ) async throws(RPCStatus) -> ListBackendsResponse {
        let page = try await asStatus { () async throws(BackendError) in
            try await registry.measuredPage(size: Int(request.pageSize), after: request.pageToken)
        }
        return ListBackendsResponse(
            backends: page.backends.map { BackendsAPI.Backend($0) }, nextPageToken: page.nextToken ?? "")
    }

    func deleteBackend(
        _ request: DeleteBackendRequest, context: CallContext
    ) async throws(RPCStatus) -> DeleteBackendResponse {
        AuditLog.note(backend: request.name)
        let lock = try StartLockOptions(token: request.lockToken, wait: request.lockWait, force: request.force)
        _ = try await asStatus { () async throws(BackendError) in
            try await registry.delete(request.name, lock: lock)
        }
        return DeleteBackendResponse()
    }

    func registerConfig(
        _ request: RegisterConfigRequest, context: CallContext
    ) async throws(RPCStatus) -> RegisterConfigResponse {
        AuditLog.note(backend: request.name)
        let lock = try StartLockOptions(token: request.lockToken, wait: request.lockWait, force: request.force)
        let registration = ConfigRegistration(
            owner: request.owner, patch: try ConfigValue(request.config),
            expectedGeneration: request.expectedGeneration, apply: try Backends.ConfigApply(request.apply))
        let outcome = try await asStatus { () async throws(BackendError) in
            try await registry.registerConfig(registration, on: request.name, lock: lock)
        }
        return RegisterConfigResponse(
            backend: BackendsAPI.Backend(outcome.backend),
            origins: request.includeOrigins ? outcome.origins().map { BackendsAPI.ConfigOrigin($0) } : [],
            changed: outcome.isChanged, staged: outcome.isStaged)
    }
}

extension Backends.StartPolicy {
    fileprivate init(_ policy: BackendsAPI.StartPolicy) throws(RPCStatus) {
        switch policy {
        case .boot: self = .boot
        case .unspecified, .onDemand: self = .onDemand
        case .manual: self = .manual
        case .unrecognized(let number):
            throw .invalid("start", "is \(number), which is none of BOOT, ON_DEMAND and MANUAL")
        }
    }
}

extension Backends.ConfigApply {
    fileprivate init(_ apply: BackendsAPI.ConfigApply) throws(RPCStatus) {
        switch apply {
        case .unspecified, .now: self = .now
        case .nextStart: self = .nextStart
        case .unrecognized(let number): throw .invalid("apply", "is \(number), which is neither NOW nor NEXT_START")
        }
    }
}

/// Answers `BackendTypeService`. The types do not change, and their schemas are long: they are encoded once.
final class BackendTypeHandler: BackendTypeService {
    let registry: BackendRegistry
    private let kept = Guarded<[UInt8]?>(nil)

    init(registry: BackendRegistry) {
        self.registry = registry
    }

    func listBackendTypes(
        _ request: borrowing ListBackendTypesRequest.View, context: CallContext
    ) throws(RPCStatus) -> Reply<ListBackendTypesResponse> {
        if let answer = kept.withLock({ $0 }) { return .encoded(answer) }
        let answer = ListBackendTypesResponse(
            types: registry.types.all.map { type in
                BackendsAPI.BackendType(
                    name: type.name, summary: type.summary, configSchema: GoogleStruct(type.schema.jsonSchema))
            })
        if let encoded = try? answer.encoded(escapingNUL: true) { kept.withLock { $0 = encoded } }
        return .now(answer)
    }
}

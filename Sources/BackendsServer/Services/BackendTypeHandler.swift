// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import ConfigDocument
internal import SocketRPC

/// Answers `BackendTypeService`.
struct BackendTypeHandler: BackendTypeService {
    let registry: BackendRegistry

    func listBackendTypes(
        _ request: ListBackendTypesRequest, context: CallContext
    ) async throws(RPCStatus) -> ListBackendTypesResponse {
        ListBackendTypesResponse(
            types: registry.types.all.map { type in
                BackendsAPI.BackendType(
                    name: type.name, summary: type.summary, configSchema: GoogleStruct(type.schema.jsonSchema))
            })
    }
}

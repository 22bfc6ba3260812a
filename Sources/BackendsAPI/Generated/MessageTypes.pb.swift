// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.

package import SocketRPC

/// The generated messages of this module.
package enum BackendsAPIMessages {
    package static let all: [any ProtobufMessage.Type] = [
        ListBackendTypesRequest.self,
        ListBackendTypesResponse.self,
        BackendType.self,
        Backend.self,
        BackendFailure.self,
        StartLockHolder.self,
        ConfigOrigin.self,
        CreateBackendRequest.self,
        CreateBackendResponse.self,
        GetBackendRequest.self,
        GetBackendResponse.self,
        ListBackendsRequest.self,
        ListBackendsResponse.self,
        DeleteBackendRequest.self,
        DeleteBackendResponse.self,
        RegisterConfigRequest.self,
        RegisterConfigResponse.self,
        StartBackendRequest.self,
        StartBackendResponse.self,
        StopBackendRequest.self,
        StopBackendResponse.self,
        HoldStartLockRequest.self,
        HoldStartLockResponse.self,
        StartLockAcquired.self,
        RuntimeContext.self,
        GRPCContext.self,
        MetadataEntry.self,
        HTTPContext.self,
        HTTPHeader.self,
        HandleRuntimeContextRequest.self,
        HandleRuntimeContextResponse.self,
        BackendContextResult.self,
        StreamRuntimeContextsRequest.self,
        StreamRuntimeContextsResponse.self,
        GetServerInfoRequest.self,
        GetServerInfoResponse.self,
        WatchBackendsRequest.self,
        WatchBackendsResponse.self,
        BackendsSnapshot.self,
        BackendEvent.self,
        EventGap.self,
    ]
}

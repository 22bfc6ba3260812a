// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.

package import SocketRPC

/// The generated messages of this module.
package enum SocketRPCServerMessages {
    package static let all: [any ProtobufMessage.Type] = [
        HealthCheckRequest.self,
        HealthCheckResponse.self,
        HealthListRequest.self,
        HealthListResponse.self,
        ServerReflectionRequest.self,
        ExtensionRequest.self,
        ServerReflectionResponse.self,
        FileDescriptorResponse.self,
        ExtensionNumberResponse.self,
        ListServiceResponse.self,
        ServiceResponse.self,
        ErrorResponse.self,
    ]
}

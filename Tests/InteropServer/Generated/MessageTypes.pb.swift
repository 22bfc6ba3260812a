// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.

package import SocketRPC

/// The generated messages of this module.
package enum InteropServerMessages {
    package static let all: [any ProtobufMessage.Type] = [
        Empty.self,
        BoolValue.self,
        Payload.self,
        EchoStatus.self,
        SimpleRequest.self,
        SimpleResponse.self,
        StreamingInputCallRequest.self,
        StreamingInputCallResponse.self,
        ResponseParameters.self,
        StreamingOutputCallRequest.self,
        StreamingOutputCallResponse.self,
    ]
}

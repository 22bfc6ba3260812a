// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.


/// The generated messages of this module.
package enum SocketRPCMessages {
    package static let all: [any ProtobufMessage.Type] = [
        GoogleAny.self,
        GoogleDuration.self,
        GoogleStruct.self,
        GoogleValue.self,
        GoogleListValue.self,
        GoogleTimestamp.self,
        GoogleStatus.self,
        GoogleErrorInfo.self,
        GoogleRetryInfo.self,
        GoogleBadRequest.self,
        GoogleBadRequest.FieldViolation.self,
        TTRPCRequest.self,
        TTRPCResponse.self,
        TTRPCKeyValue.self,
    ]
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.

package import SocketRPC

/// The generated messages of this module.
package enum InstanceShimsMessages {
    package static let all: [any ProtobufMessage.Type] = [
        ShimIntent.self,
        ShimLogPlace.self,
        ShimLaunch.self,
        ShimResourceLimit.self,
        ShimLogFile.self,
        ShimEnd.self,
        ShimCommand.self,
        ShimRunning.self,
        ShimProcess.self,
        ShimExit.self,
        ShimFailure.self,
    ]
}

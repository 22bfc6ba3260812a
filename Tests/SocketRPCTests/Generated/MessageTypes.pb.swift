// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from every .proto file of the module; do not edit.

package import SocketRPC

/// The generated messages of this module.
package enum FixtureMessages {
    package static let all: [any ProtobufMessage.Type] = [
        FixtureScalars.self,
        FixtureLists.self,
        FixtureMaps.self,
        FixtureChoice.self,
        FixtureTree.self,
        FixtureNames.self,
        FixtureNames.Inner.self,
        FixtureNames.Inner.Innermost.self,
        FixtureHTTPThing.self,
        FixtureNothing.self,
    ]
}

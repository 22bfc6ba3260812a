// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

extension ProvidesSourceCodeLocation {
    /// The comment in front of a declaration, without its markers.
    var comments: String {
        var text = protoSourceComments(commentPrefix: "")
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}

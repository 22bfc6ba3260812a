// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes the list of all messages of a module, for tests that go over every one.
struct MessageListGenerator {
    let files: [FileDescriptor]
    let options: PluginOptions

    init(_ files: [FileDescriptor], _ options: PluginOptions) {
        self.files = files
        self.options = options
    }

    func contents() -> String {
        var out = CodeWriter()
        out.lines(FileGenerator.header(source: "every .proto file of the module"))
        if options.module != "SocketRPC" { out.line("package import SocketRPC") }
        out.line()
        out.documentation("", fallback: "The generated messages of this module.")
        out.block("package enum \(options.module)Messages") { out in
            out.line("package static let all: [any ProtobufMessage.Type] = [")
            for file in files {
                for message in file.messages { list(message, &out) }
            }
            out.line("]")
        }
        return out.text
    }

    private func list(_ message: Descriptor, _ out: inout CodeWriter) {
        out.line("    \(SwiftNames(options: options).message(message)).self,")
        for nested in message.messages where !nested.options.mapEntry { list(nested, &out) }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes the Swift file of one .proto file.
struct FileGenerator {
    let file: FileDescriptor
    let options: PluginOptions

    init(_ file: FileDescriptor, _ options: PluginOptions) {
        self.file = file
        self.options = options
    }

    /// `backends/v1/lifecycle.proto` → `backends/v1/lifecycle.pb.swift`.
    var outputName: String {
        file.name.replacing(".proto", with: ".pb.swift")
    }

    func contents() -> String {
        var out = CodeWriter()
        out.lines(Self.header(source: file.name))
        imports(&out)
        for enumeration in file.enums {
            out.line()
            EnumGenerator(enumeration: enumeration, options: options).generate(&out)
        }
        for message in file.messages {
            out.line()
            MessageGenerator(message, options).declaration(&out)
        }
        for message in file.messages {
            MessageGenerator(message, options).conformances(&out)
        }
        for service in file.services {
            out.line()
            ServiceGenerator(service, options).generate(&out)
        }
        return out.text
    }

    static func header(source: String) -> String {
        """
        // SPDX-License-Identifier: Apache-2.0
        // SPDX-FileCopyrightText: The backendd authors

        // Made by tools/generate from \(source); do not edit.

        """
    }

    private func imports(_ out: inout CodeWriter) {
        if !file.messages.isEmpty {
            // The types of protobuf-c itself count as those of the first module that includes its header.
            if options.cModule != "CProtos" { out.line("internal import CProtos") }
            out.line("package import \(options.cModule)")
        }
        if options.module != "SocketRPC" {
            out.line("\(usesRuntimeTypes ? options.access : "package") import SocketRPC")
        }
        if hasTextMaps { out.line("\(options.access) import TextKeys") }
    }

    /// Whether a message here has a map whose keys are text.
    private var hasTextMaps: Bool {
        func isTextMap(_ field: FieldDescriptor) -> Bool {
            field.isMap && field.messageType?.mapKeyAndValue?.key.type == .string
        }
        func has(_ message: Descriptor) -> Bool {
            message.fields.contains(where: isTextMap) || message.messages.contains(where: has)
        }
        return file.messages.contains(where: has)
    }

    /// Whether a value here has a property of a type in SocketRPC.
    private var usesRuntimeTypes: Bool {
        let names = SwiftNames(options: options)
        func uses(_ message: Descriptor) -> Bool {
            message.fields.contains { field in
                guard field.type == .message, let type = field.messageType else { return false }
                return type.options.mapEntry ? uses(type) : names.isRuntime(type.file)
            } || message.messages.contains { uses($0) }
        }
        return file.messages.contains { uses($0) }
    }
}

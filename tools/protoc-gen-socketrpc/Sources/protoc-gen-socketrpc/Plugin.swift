// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// protoc's plugin: Swift values over protobuf-c's structs, borrowed views of them, service protocols and client stubs.
@main
struct Plugin: CodeGenerator {
    let version: String? = nil
    let supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] = []

    func generate(
        files: [FileDescriptor], parameter: any CodeGeneratorParameter,
        protoCompilerContext: any ProtoCompilerContext, generatorOutputs: any GeneratorOutputs
    ) throws {
        let options = try PluginOptions(parameter.parsedPairs)
        for file in files {
            try check(file, options)
            let generator = FileGenerator(file, options)
            try generatorOutputs.add(fileName: generator.outputName, contents: generator.contents())
        }
        try generatorOutputs.add(
            fileName: "MessageTypes.pb.swift", contents: MessageListGenerator(files, options).contents())
    }

    /// Refuses what would come out wrong.
    private func check(_ file: FileDescriptor, _ options: PluginOptions) throws {
        guard file.edition == .proto3 else { throw GeneratorError("\(file.name) is not in the syntax proto3") }
        for message in file.messages { try Recursion.check(message) }
        for method in file.services.flatMap(\.methods)
        where method.clientStreaming != method.serverStreaming && options.inlineMethods.contains(method.fullName) {
            throw GeneratorError("\(method.fullName) cannot be inline: only one side of it streams")
        }
    }
}

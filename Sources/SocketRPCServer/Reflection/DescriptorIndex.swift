// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
internal import SystemIO
internal import TextKeys

/// The declarations of a set of .proto files: which file declares which symbol, and what each imports.
///
/// It is read from serialized descriptors; only names are used.
package struct DescriptorIndex: Sendable {
    /// A file with its serialized descriptor.
    package struct File: Hashable, Sendable {
        package var name = ""
        package var bytes: [UInt8] = []
        package var imports: [String] = []
    }

    /// The number of levels of nested message declarations that are read.
    private static let deepest = 32

    private var files: TextMap<File> = [:]
    private var fileNames: TextMap<String> = [:]
    private var messages: Set<TextKey> = []

    /// Reads a `google.protobuf.FileDescriptorSet`. Throws if the bytes are not one.
    package init(reading set: [UInt8]) throws(EnvelopeError) {
        let buffer = ByteBuffer(set)
        try Self.forEachField(of: 0..<set.count, in: buffer.bytes) { (field, range) throws(EnvelopeError) in
            if field == 1 { try add(file: range, in: buffer.bytes) }
        }
    }

    package func file(named name: String) -> File? { files[name] }

    /// The file that declares a symbol, by its full name: a service, a method, a message, a field, an enum, one of its
    /// values.
    package func file(declaring symbol: String) -> File? {
        fileNames[symbol].flatMap { files[$0] }
    }

    package func hasMessage(_ name: String) -> Bool { messages.contains(TextKey(name)) }

    /// A file, followed by everything that it imports, directly or indirectly.
    package func closure(of file: File) -> [File] {
        var found = [file]
        var names: Set<String> = [file.name]
        var index = 0
        while index < found.count {
            for name in found[index].imports where names.insert(name).inserted {
                if let imported = files[name] { found.append(imported) }
            }
            index += 1
        }
        return found
    }
}

// Reading. The numbers are those of google/protobuf/descriptor.proto.
extension DescriptorIndex {
    /// Calls `body` with each length-delimited field: strings and messages. Other fields are skipped.
    private static func forEachField(
        of range: Range<Int>, in bytes: RawSpan, _ body: (UInt32, Range<Int>) throws(EnvelopeError) -> Void
    ) throws(EnvelopeError) {
        var cursor = EnvelopeCursor(range)
        while !cursor.isAtEnd {
            let tag = try cursor.tag(in: bytes)
            if tag.wireType == EnvelopeCursor.lengthDelimited {
                try body(tag.field, try cursor.range(of: tag, in: bytes))
            } else {
                try cursor.skip(tag, in: bytes)
            }
        }
    }

    private static func text(_ range: Range<Int>, in bytes: RawSpan) -> String {
        bytes.extracting(range).text
    }

    private mutating func add(file range: Range<Int>, in bytes: RawSpan) throws(EnvelopeError) {
        var file = File()
        var package = ""
        var parts: [(field: UInt32, range: Range<Int>)] = []
        try Self.forEachField(of: range, in: bytes) { (field, range) throws(EnvelopeError) in
            switch field {
            case 1: file.name = Self.text(range, in: bytes)
            case 2: package = Self.text(range, in: bytes)
            case 3: file.imports.append(Self.text(range, in: bytes))
            case 4, 5, 6: parts.append((field, range))
            default: break
            }
        }
        file.bytes = bytes.extracting(range).copied
        files[file.name] = file
        for part in parts {
            switch part.field {
            case 4: try add(message: part.range, in: bytes, scope: package, file: file.name, depth: 0)
            case 5: try add(enum: part.range, in: bytes, scope: package, file: file.name)
            default: try add(service: part.range, in: bytes, scope: package, file: file.name)
            }
        }
    }

    private mutating func add(
        message range: Range<Int>, in bytes: RawSpan, scope: String, file: String, depth: Int
    ) throws(EnvelopeError) {
        let name = try declare(range, in: bytes, scope: scope, file: file)
        messages.insert(TextKey(name))
        guard depth < Self.deepest else { return }
        try Self.forEachField(of: range, in: bytes) { (field, range) throws(EnvelopeError) in
            switch field {
            // Its fields and the oneofs.
            case 2, 8: _ = try declare(range, in: bytes, scope: name, file: file)
            case 3: try add(message: range, in: bytes, scope: name, file: file, depth: depth + 1)
            case 4: try add(enum: range, in: bytes, scope: name, file: file)
            default: break
            }
        }
    }

    private mutating func add(
        enum range: Range<Int>, in bytes: RawSpan, scope: String, file: String
    ) throws(EnvelopeError) {
        _ = try declare(range, in: bytes, scope: scope, file: file)
        try Self.forEachField(of: range, in: bytes) { (field, range) throws(EnvelopeError) in
            // The values of an enum are its siblings, as in C++.
            if field == 2 { _ = try declare(range, in: bytes, scope: scope, file: file) }
        }
    }

    private mutating func add(
        service range: Range<Int>, in bytes: RawSpan, scope: String, file: String
    ) throws(EnvelopeError) {
        let name = try declare(range, in: bytes, scope: scope, file: file)
        try Self.forEachField(of: range, in: bytes) { (field, range) throws(EnvelopeError) in
            if field == 2 { _ = try declare(range, in: bytes, scope: name, file: file) }
        }
    }

    /// Records what a descriptor declares; all have their name in field 1. Returns the full name.
    private mutating func declare(
        _ range: Range<Int>, in bytes: RawSpan, scope: String, file: String
    ) throws(EnvelopeError) -> String {
        var name = ""
        try Self.forEachField(of: range, in: bytes) { (field, range) throws(EnvelopeError) in
            if field == 1 { name = Self.text(range, in: bytes) }
        }
        let fullName = scope.isEmpty ? name : "\(scope).\(name)"
        fileNames[fullName] = file
        return fullName
    }
}

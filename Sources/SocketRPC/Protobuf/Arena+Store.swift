// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import CProtos

// For generated code that fills C structs. Everything is copied into the arena.
extension Arena {
    /// A copy of a string that ends with a NUL.
    ///
    /// - Throws: `unencodable` for a string that contains a NUL, at which C would end it, unless the arena escapes it.
    package func string(_ text: String, _ field: StaticString) throws(PayloadError) -> UnsafeMutablePointer<CChar> {
        let utf8 = text.utf8Span.span
        return unsafe try utf8.withUnsafeBytes { (source) throws(PayloadError) in
            if unsafe message_text_has_nul(source.baseAddress, source.count) {
                guard escapesNUL else {
                    throw PayloadError(
                        .unencodable, "\(field) contains a NUL, which a string of a message cannot contain")
                }
                return unsafe try string(Self.escapingNUL(text), field)
            }
            let copy = unsafe try allocate(source.count + 1)
            if let base = source.baseAddress {
                unsafe copy.copyMemory(from: base, byteCount: source.count)
            }
            unsafe copy.storeBytes(of: 0, toByteOffset: source.count, as: UInt8.self)
            return unsafe copy.assumingMemoryBound(to: CChar.self)
        }
    }

    /// The text with every NUL as an escape.
    private static func escapingNUL(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar.value == 0 {
                escaped += "\\u{0}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    package func strings(
        _ texts: [String], _ field: StaticString
    ) throws(PayloadError) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let list = unsafe try array(of: UnsafeMutablePointer<CChar>?.self, count: texts.count)
        for index in texts.indices {
            unsafe (list + index).initialize(to: try string(texts[index], field))
        }
        return unsafe list
    }

    package func bytes(_ bytes: [UInt8]) throws(PayloadError) -> ProtobufCBinaryData {
        let copy = unsafe try allocate(bytes.count)
        unsafe bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { unsafe copy.copyMemory(from: base, byteCount: source.count) }
        }
        return unsafe ProtobufCBinaryData(len: bytes.count, data: copy.assumingMemoryBound(to: UInt8.self))
    }

    package func byteLists(_ lists: [[UInt8]]) throws(PayloadError) -> UnsafeMutablePointer<ProtobufCBinaryData> {
        let list = unsafe try array(of: ProtobufCBinaryData.self, count: lists.count)
        for index in lists.indices {
            unsafe (list + index).initialize(to: try bytes(lists[index]))
        }
        return unsafe list
    }

    /// A list of numbers in the representation of C.
    @inlinable
    package func scalars<Value: BitwiseCopyable>(_ values: [Value]) throws(PayloadError) -> UnsafeMutablePointer<Value>
    {
        let list = unsafe try array(of: Value.self, count: values.count)
        for index in values.indices {
            unsafe (list + index).initialize(to: values[index])
        }
        return unsafe list
    }

    /// A nested message: its struct, whose type the caller knows.
    ///
    /// - Throws: `unencodable` for messages that are nested deeper than readers accept.
    package func message<Message: ProtobufMessage>(
        _ message: Message
    ) throws(PayloadError) -> UnsafeMutableRawPointer {
        try enter(Message.protobufName)
        defer { leave() }
        let storage = unsafe try allocate(Message.storageSize)
        try message.store(into: storage, self)
        return unsafe storage
    }

    /// A list of pointers to messages. Generic code is not specialized across modules, so it takes no further type.
    package func messages<Message: ProtobufMessage>(
        _ messages: [Message]
    ) throws(PayloadError) -> UnsafeMutableRawPointer {
        let (size, overflow) = messages.count.multipliedReportingOverflow(by: MemoryLayout<Int>.size)
        guard !overflow else { throw PayloadError(.tooLarge, "a list of \(messages.count) messages is too long") }
        let list = unsafe try allocate(size)
        for index in 0..<messages.count {
            let element = unsafe UnsafeMutableRawPointer?.some(try message(messages[index]))
            unsafe list.storeBytes(
                of: element, toByteOffset: index * MemoryLayout<Int>.size, as: UnsafeMutableRawPointer?.self)
        }
        return unsafe list
    }

    /// Allocates the entries of a map. Generated code fills each of them.
    @inlinable
    package func entries<Key, Value, Entry>(
        _ map: [(key: Key, value: Value)],
        _ store: (UnsafeMutablePointer<Entry>, Key, Value) throws(PayloadError) -> Void
    ) throws(PayloadError) -> UnsafeMutablePointer<UnsafeMutablePointer<Entry>?> {
        try enter("a map")
        defer { leave() }
        let list = unsafe try array(of: UnsafeMutablePointer<Entry>?.self, count: map.count)
        var index = 0
        for (key, value) in map {
            let entry = unsafe try array(of: Entry.self, count: 1)
            unsafe try store(entry, key, value)
            unsafe (list + index).initialize(to: entry)
            index += 1
        }
        return unsafe list
    }

    @inlinable
    func array<Element>(of type: Element.Type, count: Int) throws(PayloadError) -> UnsafeMutablePointer<Element> {
        let (size, overflow) = MemoryLayout<Element>.stride.multipliedReportingOverflow(by: count)
        guard !overflow else { throw PayloadError(.tooLarge, "a list of \(count) elements is too long") }
        return unsafe try allocate(size).bindMemory(to: Element.self, capacity: count)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CYAML

/// Reads YAML events with libyaml; the one file that touches its pointers.
///
/// The parser is created and destroyed in one function, and each event is copied out before it is freed. libyaml keeps
/// the address of the parser in the parser, so it lives at a fixed place on the heap.
enum YAMLEventReader {
    typealias Receive = (YAMLEvent, SourceMark) throws(ConfigSyntaxError) -> Void

    static func read(_ text: SourceText, _ receive: Receive) throws(ConfigSyntaxError) {
        try unsafe text.bytes.withUnsafeBufferPointer { (bytes) throws(ConfigSyntaxError) in
            // libyaml aborts on NULL, which the address of an empty text may be.
            guard let start = bytes.baseAddress else { return }
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { unsafe parser.deallocate() }
            guard unsafe yaml_parser_initialize(parser) == 1 else {
                throw text.error(at: SourceMark(), "there is not enough memory to read YAML")
            }
            defer { unsafe yaml_parser_delete(parser) }
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(parser, start, bytes.count)
            while try unsafe readEvent(parser, text, receive) {}
        }
    }

    /// False after the end of the stream.
    private static func readEvent(
        _ parser: UnsafeMutablePointer<yaml_parser_t>, _ text: SourceText, _ receive: Receive
    ) throws(ConfigSyntaxError) -> Bool {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe error(of: parser.pointee, text) }
        defer { unsafe yaml_event_delete(&event) }
        let mark = unsafe SourceMark(event.start_mark)
        guard let received = unsafe YAMLEvent(event) else { return false }
        try receive(received, mark)
        return received != .streamEnd
    }

    private static func error(of parser: yaml_parser_t, _ text: SourceText) -> ConfigSyntaxError {
        let problem = unsafe String(yaml: parser.problem) ?? "the YAML cannot be read"
        guard unsafe parser.error != YAML_READER_ERROR else {
            let mark = unsafe SourceMark(ofByte: parser.problem_offset, in: text.bytes)
            return text.error(at: mark, problem)
        }
        let message = unsafe String(yaml: parser.context).map { "\($0): \(problem)" } ?? problem
        let mark = unsafe SourceMark(parser.problem_mark)
        let end = SourceMark(ofByte: text.bytes.count, in: text.bytes)
        return text.error(at: mark.line > end.line ? end : mark, message)
    }
}

extension SourceMark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}

extension YAMLEvent {
    /// Nil without an event, for example after the end of the stream.
    fileprivate init?(_ event: yaml_event_t) {
        let data = unsafe event.data
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: self = .streamStart
        case YAML_STREAM_END_EVENT: self = .streamEnd
        case YAML_DOCUMENT_START_EVENT: self = .documentStart
        case YAML_DOCUMENT_END_EVENT: self = .documentEnd
        case YAML_ALIAS_EVENT: self = unsafe .alias(String(yaml: data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: self = unsafe .scalar(Scalar(data.scalar))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe data.sequence_start
            self = unsafe .containerStart(
                isMap: false, tag: String(yaml: start.tag), anchor: String(yaml: start.anchor))
        case YAML_MAPPING_START_EVENT:
            let start = unsafe data.mapping_start
            self = unsafe .containerStart(isMap: true, tag: String(yaml: start.tag), anchor: String(yaml: start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: self = .containerEnd
        default: return nil
        }
    }
}

extension YAMLEvent.Scalar {
    fileprivate init(_ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) {
        unsafe self.init(
            text: String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
            tag: String(yaml: scalar.tag), anchor: String(yaml: scalar.anchor),
            isPlain: scalar.plain_implicit != 0 && scalar.style == YAML_PLAIN_SCALAR_STYLE)
    }
}

extension String {
    fileprivate init?(yaml text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return nil }
        unsafe self.init(cString: text)
    }

    fileprivate init?(yaml text: UnsafeMutablePointer<yaml_char_t>?) {
        guard let text = unsafe text else { return nil }
        unsafe self.init(cString: text)
    }
}

/// What the YAML reader finds in a text, in the order of the text.
enum YAMLEvent: Equatable {
    /// A scalar, quoted or plain, with its escapes resolved.
    struct Scalar: Equatable {
        var text: String
        var tag: String?
        var anchor: String?
        /// Whether the text determines the kind of the value.
        var isPlain: Bool
    }

    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(Scalar)
    case containerStart(isMap: Bool, tag: String?, anchor: String?)
    case containerEnd
}

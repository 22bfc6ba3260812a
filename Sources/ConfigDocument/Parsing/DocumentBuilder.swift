// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Builds a document from the values that a parser finds, within the bounds of ``ConfigLimits``.
struct DocumentBuilder {
    /// A finished value with what is needed to reuse it for an alias.
    struct Part {
        var value: ConfigValue
        var places: SourcePlaces
        var nodes = 1
        var textBytes = 0
        var depth = 0
    }

    private struct Frame {
        let isMap: Bool
        /// The content of the open container: elements, or members by key.
        var elements: [ConfigValue] = []
        var members: TextMap<ConfigValue> = [:]
        var elementPlaces: [SourcePlaces] = []
        var memberPlaces: TextMap<SourcePlaces> = [:]
        /// The key that waits for its value.
        var key: (name: String, mark: SourceMark)?
        var part: Part
    }

    let text: SourceText
    private var frames: [Frame] = []
    private var nodes = 0
    private var textBytes = 0
    private(set) var root: Part?

    init(_ text: SourceText) {
        self.text = text
    }

    /// Whether the key of a map must come next.
    var expectsKey: Bool {
        guard let frame = frames.last else { return false }
        return frame.isMap && frame.key == nil
    }

    mutating func begin(isMap: Bool, at mark: SourceMark) throws(ConfigSyntaxError) {
        guard frames.count < ConfigLimits.depth else { throw tooDeep(at: mark) }
        try spend(nodes: 1, textBytes: 0, at: mark)
        let places = SourcePlaces(mark: mark, children: .none)
        frames.append(Frame(isMap: isMap, part: Part(value: .null, places: places, depth: 1)))
    }

    mutating func key(_ name: String, at mark: SourceMark) throws(ConfigSyntaxError) {
        try check(name, at: mark)
        try spend(nodes: 0, textBytes: name.utf8.count, at: mark)
        guard var frame = frames.popLast() else { return }
        if let first = frame.memberPlaces[name]?.mark {
            throw text.error(
                at: mark, "the key \(name.quoted()) occurs twice, first on line \(first.line)")
        }
        frame.key = (name, mark)
        frame.memberPlaces[name] = SourcePlaces(mark: mark, children: .none)
        frame.part.textBytes += name.utf8.count
        frames.append(frame)
    }

    /// Adds a scalar; `written` is its text, for a number.
    mutating func scalar(
        _ value: ConfigValue, written: String? = nil, at mark: SourceMark
    ) throws(ConfigSyntaxError) -> Part {
        var part = Part(value: value, places: SourcePlaces(mark: mark, children: .none))
        if case .integer(let number) = value, !ConfigValue.isExact(number) { part.places.number = written }
        if case .string(let string) = value {
            try check(string, at: mark)
            part.textBytes = string.utf8.count
        }
        try add(part, at: mark)
        return part
    }

    /// Adds a value that was finished elsewhere in the document, as an alias does.
    mutating func add(_ part: Part, at mark: SourceMark) throws(ConfigSyntaxError) {
        guard frames.count + part.depth <= ConfigLimits.depth else { throw tooDeep(at: mark) }
        try spend(nodes: part.nodes, textBytes: part.textBytes, at: mark)
        append(part)
    }

    /// Closes the innermost container and returns it; nil if none is open.
    mutating func end() -> Part? {
        guard let frame = frames.popLast() else { return nil }
        var part = frame.part
        part.value = frame.isMap ? .map(frame.members) : .list(frame.elements)
        part.places.children = frame.isMap ? .members(frame.memberPlaces) : .elements(frame.elementPlaces)
        append(part)
        return part
    }

    private mutating func append(_ part: Part) {
        guard var frame = frames.popLast() else {
            root = part
            return
        }
        frame.part.nodes += part.nodes
        frame.part.textBytes += part.textBytes
        frame.part.depth = max(frame.part.depth, part.depth + 1)
        if let (name, mark) = frame.key {
            frame.members[name] = part.value
            frame.memberPlaces[name] = SourcePlaces(
                mark: mark, children: part.places.children, number: part.places.number)
            frame.key = nil
        } else {
            frame.elements.append(part.value)
            frame.elementPlaces.append(part.places)
        }
        frames.append(frame)
    }

    private mutating func spend(nodes: Int, textBytes: Int, at mark: SourceMark) throws(ConfigSyntaxError) {
        self.nodes += nodes
        self.textBytes += textBytes
        guard self.nodes <= ConfigLimits.nodes, self.textBytes <= ConfigLimits.textBytes else {
            throw text.error(
                at: mark,
                """
                there are more than \(ConfigLimits.nodes) values or \(ConfigLimits.textBytes) bytes of text, \
                counting what aliases repeat
                """)
        }
    }

    private func tooDeep(at mark: SourceMark) -> ConfigSyntaxError {
        text.error(at: mark, "maps and lists are nested deeper than \(ConfigLimits.depth) levels")
    }

    private func check(_ string: String, at mark: SourceMark) throws(ConfigSyntaxError) {
        guard !string.utf8.contains(0) else { throw text.error(at: mark, "a NUL character cannot be used in text") }
    }
}

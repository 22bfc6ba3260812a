// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// Turns YAML events into values: resolves scalars, tags, anchors and aliases.
struct YAMLComposer {
    private var builder: DocumentBuilder
    private var hasDocument = false
    private var anchors: TextMap<DocumentBuilder.Part> = [:]
    /// The anchor of each open container.
    private var openAnchors: [String?] = []

    init(_ text: SourceText) {
        builder = DocumentBuilder(text)
    }

    var root: DocumentBuilder.Part? { builder.root }

    mutating func received(_ event: YAMLEvent, at mark: SourceMark) throws(ConfigSyntaxError) {
        switch event {
        case .streamStart, .streamEnd, .documentEnd:
            break
        case .documentStart:
            guard !hasDocument else { throw error(at: mark, "there is more than one document; one is expected") }
            hasDocument = true
        case .alias(let name):
            try alias(name, at: mark)
        case .scalar(let scalar):
            try add(scalar, at: mark)
        case .containerStart(let isMap, let tag, let anchor):
            try begin(isMap: isMap, tag: tag, anchor: anchor, at: mark)
        case .containerEnd:
            let anchor = openAnchors.popLast() ?? nil
            if let part = builder.end(), let anchor { anchors[anchor] = part }
        }
    }

    private mutating func begin(
        isMap: Bool, tag: String?, anchor: String?, at mark: SourceMark
    ) throws(ConfigSyntaxError) {
        guard !builder.expectsKey else { throw error(at: mark, "a key must be text, not a list or a map") }
        if let tag, tag != "!", tag != YAMLScalar.tagPrefix + (isMap ? "map" : "seq") {
            throw error(at: mark, "the tag \(tag.quoted()) cannot be used for a \(isMap ? "map" : "list")")
        }
        try builder.begin(isMap: isMap, at: mark)
        if let anchor { anchors[anchor] = nil }
        openAnchors.append(anchor)
    }

    private mutating func add(_ scalar: YAMLEvent.Scalar, at mark: SourceMark) throws(ConfigSyntaxError) {
        let value: ConfigValue
        do throws(YAMLScalar.Refusal) {
            value = try YAMLScalar.value(of: scalar)
        } catch {
            throw self.error(at: mark, error.problem)
        }
        if builder.expectsKey {
            if scalar.isPlain && scalar.text == "<<" {
                throw error(at: mark, "merge keys (<<) are not supported; write the keys out, or quote \"<<\"")
            }
            guard !value.isNull else { throw error(at: mark, "a key is empty or null; quote it to make it text") }
            try builder.key(scalar.text, at: mark)
            guard let anchor = scalar.anchor else { return }
            let places = SourcePlaces(mark: mark, children: .none)
            anchors[anchor] = DocumentBuilder.Part(value: value, places: places, textBytes: scalar.text.utf8.count)
        } else {
            let part = try builder.scalar(value, written: scalar.text, at: mark)
            if let anchor = scalar.anchor { anchors[anchor] = part }
        }
    }

    private mutating func alias(_ name: String, at mark: SourceMark) throws(ConfigSyntaxError) {
        guard let part = anchors[name] else {
            let problem = openAnchors.contains(name) ? "is inside its own anchor" : "has no anchor before it"
            throw error(at: mark, "the alias *\(name) \(problem)")
        }
        guard builder.expectsKey else { return try builder.add(part, at: mark) }
        guard let key = part.value.stringValue else { throw error(at: mark, "a key must be text; *\(name) is not") }
        try builder.key(key, at: mark)
    }

    private func error(at mark: SourceMark, _ problem: String) -> ConfigSyntaxError {
        builder.text.error(at: mark, problem)
    }
}

/// Reads YAML, with the scalars of the core schema of YAML 1.2, within the bounds of ``ConfigLimits``.
///
/// Anchors and aliases are supported; what an alias repeats counts against the bounds. These are errors, because their
/// meaning is surprising: a key that occurs twice in a map, merge keys (`<<`), more than one document, tags outside the
/// core schema, integers with leading zeros or of more than 64 bits, infinities, `.nan`, and a NUL character in text.
/// `yes`, `no`, `on` and `off` are text.
package enum YAMLDocument {
    package static func parse(_ bytes: [UInt8], name: String) throws(ConfigSyntaxError) -> ConfigText {
        try parse(try SourceText(bytes, name: name))
    }

    static func parse(_ text: SourceText) throws(ConfigSyntaxError) -> ConfigText {
        var composer = YAMLComposer(text)
        try YAMLEventReader.read(text) { (event, mark) throws(ConfigSyntaxError) in
            try composer.received(event, at: mark)
        }
        return ConfigText(composer.root, name: text.name)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the YAML reader meets in a text, in the order of the text.
enum YAMLEvent: Equatable {
    /// A scalar, quoted or plain, with its escapes resolved.
    struct Scalar: Equatable {
        var text: String
        var tag: String?
        var anchor: String?
        /// Whether the text decides what kind of value it is.
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

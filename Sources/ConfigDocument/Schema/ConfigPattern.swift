// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A pattern that a whole string must match, such as `[a-z][a-z0-9-]{0,62}`.
///
/// It is a subset of regular expressions that suits names: ASCII characters, classes with ranges (a leading `^`
/// negates), a backslash before a character that has a meaning otherwise, and after each of these `?`, `*`, `+`, `{n}`
/// or `{n,m}`. Text of more than ``maximumLength`` characters never matches, so that the cost of a check is bounded.
package struct ConfigPattern: Hashable, Sendable {
    package static let maximumLength = 1024
    /// The number of characters of a text that are searched.
    package static let searchedLength = 24_576

    private struct Element: Hashable {
        var ranges: [ClosedRange<UInt32>]
        var isNegated = false
        var counts: ClosedRange<Int> = 1...1

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }

    private let source: String
    private let elements: [Element]

    /// Nil if the text is not such a pattern.
    package init?(parsing source: String) {
        self.init(source, isDotAny: false)
    }

    /// A pattern for ``isFound(in:)``, in which a dot stands for any character. Nil if the text is not such a pattern.
    package init?(searching source: String) {
        self.init(source, isDotAny: true)
    }

    private init?(_ source: String, isDotAny: Bool) {
        var reader = Reader(rest: Substring(source).unicodeScalars, isDotAny: isDotAny)
        guard let elements = reader.elements() else { return nil }
        self.source = source
        self.elements = elements
    }

    package func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= Self.maximumLength else { return false }
        var reached: Set<Int> = [0]
        for element in elements {
            var next: Set<Int> = []
            for start in reached {
                var end = start
                while end - start <= element.counts.upperBound {
                    if end - start >= element.counts.lowerBound { next.insert(end) }
                    guard end < scalars.count, element.contains(scalars[end]) else { break }
                    end += 1
                }
            }
            reached = next
        }
        return reached.contains(scalars.count)
    }

    /// Whether a part of the text matches. Only the first ``searchedLength`` characters are searched.
    package func isFound(in text: String) -> Bool {
        let scalars = Array(text.unicodeScalars.prefix(Self.searchedLength))
        var reached = [Bool](repeating: true, count: scalars.count + 1)
        for element in elements {
            // Each place that is reached leads to a range of places: the bounds of all ranges are marked, then added up
            // in one pass.
            var changes = [Int](repeating: 0, count: scalars.count + 2)
            var run = 0
            for start in stride(from: scalars.count, through: 0, by: -1) {
                run = start < scalars.count && element.contains(scalars[start]) ? run + 1 : 0
                guard reached[start], run >= element.counts.lowerBound else { continue }
                changes[start + element.counts.lowerBound] += 1
                changes[start + min(run, element.counts.upperBound) + 1] -= 1
            }
            var count = 0
            for place in reached.indices {
                count += changes[place]
                reached[place] = count > 0
            }
        }
        return reached.contains(true)
    }
}

extension ConfigPattern: CustomStringConvertible, ExpressibleByStringLiteral {
    package var description: String { source }

    /// A literal is part of the program, so one that is not a pattern is a bug and traps.
    package init(stringLiteral value: StaticString) {
        guard let pattern = ConfigPattern(parsing: "\(value)") else { preconditionFailure("\(value) is not a pattern") }
        self = pattern
    }
}

extension ConfigPattern {
    private struct Reader {
        var rest: Substring.UnicodeScalarView
        let isDotAny: Bool

        mutating func elements() -> [Element]? {
            var elements: [Element] = []
            while let next = rest.popFirst() {
                guard var element = element(startingWith: next), let counts = counts() else { return nil }
                element.counts = counts
                elements.append(element)
            }
            return elements
        }

        private mutating func element(startingWith scalar: Unicode.Scalar) -> Element? {
            guard scalar.isASCII else { return nil }
            switch scalar {
            case "[": return characterClass()
            case "\\": return rest.popFirst().map { Element(ranges: [$0.value...$0.value]) }
            case "." where isDotAny: return Element(ranges: [], isNegated: true)
            case "]", "(", ")", "{", "}", "?", "*", "+", "|", "^", "$", ".": return nil
            default: return Element(ranges: [scalar.value...scalar.value])
            }
        }

        private mutating func characterClass() -> Element? {
            var element = Element(ranges: [])
            if rest.first == "^" {
                rest.removeFirst()
                element.isNegated = true
            }
            while let next = rest.popFirst() {
                if next == "]" { return element.ranges.isEmpty ? nil : element }
                guard let low = next == "\\" ? rest.popFirst() : next else { return nil }
                var high = low
                if rest.first == "-", rest.dropFirst().first != "]" {
                    rest.removeFirst()
                    guard let end = rest.popFirst(), end != "\\", end >= low else { return nil }
                    high = end
                }
                element.ranges.append(low.value...high.value)
            }
            return nil
        }

        /// The count that follows; one to one if there is none.
        private mutating func counts() -> ClosedRange<Int>? {
            switch rest.first {
            case "?":
                rest.removeFirst()
                return 0...1
            case "*":
                rest.removeFirst()
                return 0...ConfigPattern.maximumLength
            case "+":
                rest.removeFirst()
                return 1...ConfigPattern.maximumLength
            case "{":
                let inside = rest.dropFirst().prefix { $0 != "}" }
                rest = rest.dropFirst(inside.count + 1)
                guard rest.popFirst() == "}" else { return nil }
                let bounds = String(inside).split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
                guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1],
                    low >= 0, low <= high
                else { return nil }
                return low...high
            default:
                return 1...1
            }
        }
    }
}

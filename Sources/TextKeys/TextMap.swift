// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A dictionary whose keys are texts from outside, compared byte by byte, see ``TextKey``.
///
/// It is used like a `[String: Value]`. Its members have no order; ``sorted()`` returns them in one.
@frozen public struct TextMap<Value> {
    @usableFromInline var members: [TextKey: Value] = [:]

    @inlinable init(_ members: [TextKey: Value]) {
        self.members = members
    }

    /// The last value wins if two keys have the same bytes.
    @inlinable public init(_ members: some Sequence<(key: String, value: Value)>) {
        for (key, value) in members { self.members[TextKey(key)] = value }
    }

    /// The keys, in no order.
    @inlinable public var keys: LazyMapSequence<Dictionary<TextKey, Value>.Keys, String> {
        members.keys.lazy.map(\.text)
    }

    /// The values, in the order of ``keys``.
    @inlinable public var values: Dictionary<TextKey, Value>.Values {
        get { members.values }
        _modify { yield &members.values }
    }

    /// The keys in the order of their bytes.
    @inlinable public var sortedKeys: [String] { members.keys.sorted().map(\.text) }

    /// The members in the order of their keys' bytes.
    @inlinable public func sorted() -> [(key: String, value: Value)] { sorted { $0.key.precedes($1.key) } }

    /// The value of a key, or nil. Setting nil removes the member.
    @inlinable public subscript(key: String) -> Value? {
        get { members[TextKey(key)] }
        _modify { yield &members[TextKey(key)] }
    }

    /// The value of a key, or a default.
    @inlinable public subscript(key: String, default value: @autoclosure () -> Value) -> Value {
        get { members[TextKey(key), default: value()] }
        _modify { yield &members[TextKey(key), default: value()] }
    }

    /// Removes a member and returns its value, nil if there was none.
    @discardableResult @inlinable public mutating func removeValue(forKey key: String) -> Value? {
        members.removeValue(forKey: TextKey(key))
    }

    /// Removes every member, and the memory for them.
    @inlinable public mutating func removeAll() {
        members = [:]
    }

    /// The place of the member with a key, or nil.
    @inlinable public func index(forKey key: String) -> Index? { members.index(forKey: TextKey(key)) }

    /// The members that satisfy a condition.
    @inlinable public func filter(_ isIncluded: (Element) -> Bool) -> TextMap {
        TextMap(members.filter { isIncluded(($0.key.text, $0.value)) })
    }

    /// Makes room for a number of members.
    @inlinable public mutating func reserveCapacity(_ count: Int) {
        members.reserveCapacity(count)
    }

    /// All members of both; the other's value wins.
    @inlinable public func merged(with other: TextMap) -> TextMap {
        TextMap(members.merging(other.members) { $1 })
    }

    /// The same keys with other values.
    @inlinable public func mapValues<Other, Failure>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> TextMap<Other> {
        var result: [TextKey: Other] = [:]
        result.reserveCapacity(members.count)
        for (key, value) in members { result[key] = try transform(value) }
        return TextMap<Other>(result)
    }

    /// The same keys with other values, without those that became nil.
    @inlinable public func compactMapValues<Other>(_ transform: (Value) -> Other?) -> TextMap<Other> {
        TextMap<Other>(members.compactMapValues(transform))
    }
}

extension TextMap: Collection {
    /// The place of a member.
    public typealias Index = Dictionary<TextKey, Value>.Index
    /// A member.
    public typealias Element = (key: String, value: Value)

    /// The place of the first member.
    @inlinable public var startIndex: Index { members.startIndex }
    /// The place after the last member.
    @inlinable public var endIndex: Index { members.endIndex }
    /// How many members there are.
    @inlinable public var count: Int { members.count }

    /// The place after another.
    @inlinable public func index(after index: Index) -> Index { members.index(after: index) }

    /// The member at a place.
    @inlinable public subscript(index: Index) -> Element {
        let (key, value) = members[index]
        return (key.text, value)
    }
}

extension TextMap: ExpressibleByDictionaryLiteral {
    /// A key that is written twice keeps its last value.
    @inlinable public init(dictionaryLiteral elements: (String, Value)...) {
        for (key, value) in elements { members[TextKey(key)] = value }
    }
}

extension TextMap: CustomStringConvertible {
    /// The members as a dictionary has them, in the order of their keys.
    public var description: String {
        isEmpty ? "[:]" : "[\(sorted().map { "\(String(reflecting: $0.key)): \($0.value)" }.joined(separator: ", "))]"
    }
}

extension TextMap: Sendable where Value: Sendable {}
extension TextMap: Equatable where Value: Equatable {}
extension TextMap: Hashable where Value: Hashable {}

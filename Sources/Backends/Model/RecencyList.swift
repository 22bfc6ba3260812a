// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Elements in the order in which they were added or last renewed.
///
/// An element is added, renewed and removed at the same cost however many there are.
struct RecencyList<Element> {
    fileprivate struct Node {
        /// Nil in a node that is free.
        var element: Element?
        var previous: Int?
        var next: Int?
    }

    private var nodes: [Node] = []
    /// The first of the free nodes, which are chained by `next`.
    private var free: Int?
    private var last: Int?
    /// The place of the element that comes first.
    private(set) var firstPlace: Int?
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var first: Element? { firstPlace.flatMap { nodes[$0].element } }

    subscript(place: Int) -> Element? { nodes[place].element }

    func place(after place: Int) -> Int? { nodes[place].next }

    /// Adds an element behind all others; gives its place, which stays until it is removed.
    mutating func append(_ element: Element) -> Int {
        let place: Int
        if let taken = free {
            place = taken
            free = nodes[taken].next
        } else {
            place = nodes.count
            nodes.append(Node())
        }
        nodes[place] = Node(element: element)
        link(place)
        count += 1
        return place
    }

    @discardableResult
    mutating func remove(_ place: Int) -> Element? {
        let element = nodes[place].element
        unlink(place)
        count -= 1
        if count == 0 {
            (nodes, free) = ([], nil)
        } else {
            nodes[place] = Node(next: free)
            free = place
        }
        return element
    }

    /// Puts an element behind all others, as it is now.
    mutating func renew(_ place: Int, as element: Element) {
        nodes[place].element = element
        guard place != last else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        (nodes[place].previous, nodes[place].next) = (last, nil)
        if let last { nodes[last].next = place } else { firstPlace = place }
        last = place
    }

    private mutating func unlink(_ place: Int) {
        let (previous, next) = (nodes[place].previous, nodes[place].next)
        if let previous { nodes[previous].next = next } else { firstPlace = next }
        if let next { nodes[next].previous = previous } else { last = previous }
    }
}

extension RecencyList: Sequence {
    func makeIterator() -> AnyIterator<Element> {
        var place = firstPlace
        return AnyIterator {
            guard let current = place else { return nil }
            place = nodes[current].next
            return nodes[current].element
        }
    }
}

extension RecencyList: Equatable where Element: Equatable {
    static func == (one: RecencyList, other: RecencyList) -> Bool { one.elementsEqual(other) }
}

extension RecencyList.Node: Sendable where Element: Sendable {}
extension RecencyList: Sendable where Element: Sendable {}

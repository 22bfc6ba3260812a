// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Storage
import SystemIO
import Testing

@Suite struct SaveQueueTests {
    private var queue = SaveQueue<String>()

    @Test mutating func `a batch has all changes so far in their order, the last one of each subject`() {
        #expect(queue.begin() == nil)
        queue.keep(.mark(.lockToken, 1))
        queue.keep(.backendRemoved("a"))
        queue.keep(.mark(.lockToken, 2))
        #expect(queue.begin() == [.backendRemoved("a"), .mark(.lockToken, 2)])
    }

    @Test mutating func `a waiter is told by the batch that has its change`() throws {
        queue.keep(.backendRemoved("a"))
        let first = try #require(queue.point(of: .backend("a")))
        #expect(queue.wait(for: first, "first") == nil)
        _ = queue.begin()
        queue.keep(.backendRemoved("b"))
        let second = try #require(queue.point(of: .backend("b")))
        #expect(queue.wait(for: second, "second") == nil)
        #expect(queue.ended(isSaved: true) == ["first"])
        #expect(queue.begin() == [.backendRemoved("b")])
        #expect(queue.ended(isSaved: true) == ["second"])
        #expect(queue.isEmpty)
    }

    @Test mutating func `nothing is waited for once it is saved`() throws {
        queue.keep(.backendRemoved("a"))
        let point = try #require(queue.point(of: .backend("a")))
        _ = queue.begin()
        #expect(queue.point(of: .backend("a")) == point)
        _ = queue.ended(isSaved: true)
        #expect(queue.point(of: .backend("a")) == nil)
        #expect(queue.wait(for: point, "late") == "late")
        #expect(queue.end == nil)
    }

    @Test mutating func `a failed batch tells its waiters, and its changes come again, but not instead of later ones`()
        throws
    {
        queue.keep(.mark(.lockToken, 1))
        queue.keep(.backendRemoved("a"))
        let point = try #require(queue.point(of: .mark(.lockToken)))
        _ = queue.wait(for: point, "first")
        _ = queue.begin()
        queue.keep(.mark(.lockToken, 2))
        #expect(queue.ended(isSaved: false) == ["first"])
        #expect(queue.wait(for: point, "again") == nil)
        #expect(queue.begin() == [.backendRemoved("a"), .mark(.lockToken, 2)])
        #expect(queue.ended(isSaved: true) == ["again"])
    }

    @Test mutating func `a route that was learned before all were forgotten is not written, also after a failure`()
        throws
    {
        let address = try #require(IPAddress("127.0.0.1"))
        func route(_ model: String) -> StateChange {
            let route = LearnedRoute(model: model, server: HostPort(address, port: 1), address: address)
            return .route(SavedRoute(route: route, configuration: 1), backend: "a")
        }
        queue.keep(route("1"))
        _ = queue.begin()
        queue.keep(route("2"))
        queue.keep(.routesForgotten(backend: "a"))
        queue.keep(route("3"))
        _ = queue.ended(isSaved: false)
        #expect(queue.begin() == [.routesForgotten(backend: "a"), route("3")])
    }

    @Test mutating func `there is room for as many subjects as the limit says, however often they change`() {
        queue = SaveQueue(limit: 2)
        queue.keep(.backendRemoved("a"))
        queue.keep(.backendRemoved("a"))
        #expect(queue.hasRoom)
        queue.keep(.backendRemoved("b"))
        #expect(!queue.hasRoom)
        _ = queue.begin()
        #expect(queue.hasRoom)
        _ = queue.ended(isSaved: false)
        #expect(!queue.hasRoom)
    }
}

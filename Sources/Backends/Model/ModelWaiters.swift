// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The callers that wait for one model. One of them is found, and taken out, without a look at the others.
struct ModelWaiters: Equatable, Sendable {
    private var asking = RecencyList<ModelPool.Waiter>()
    private var using = RecencyList<ModelPool.Waiter>()
    private var places: [CallerID: (isUse: Bool, place: Int)] = [:]

    var count: Int { asking.count + using.count }

    var isEmpty: Bool { count == 0 }

    /// How many wait for a use.
    var uses: Int { using.count }

    mutating func append(_ waiter: ModelPool.Waiter) {
        let isUse = waiter.want == .use
        places[waiter.caller] = (isUse, isUse ? using.append(waiter) : asking.append(waiter))
    }

    /// False if the caller does not wait.
    mutating func remove(_ caller: CallerID) -> Bool {
        guard let (isUse, place) = places.removeValue(forKey: caller) else { return false }
        if isUse { using.remove(place) } else { asking.remove(place) }
        return true
    }

    /// Takes out those that wait for no use, in the order in which they came.
    mutating func takeAsking() -> [ModelPool.Waiter] {
        let taken = Array(asking)
        for waiter in taken { places[waiter.caller] = nil }
        asking = RecencyList()
        return taken
    }

    /// Takes out the one that has waited for a use for the longest time.
    mutating func takeUse() -> ModelPool.Waiter? {
        guard let place = using.firstPlace, let waiter = using.remove(place) else { return nil }
        places[waiter.caller] = nil
        return waiter
    }

    /// Takes out all.
    mutating func takeAll() -> [ModelPool.Waiter] {
        defer { self = ModelWaiters() }
        return (Array(asking) + Array(using)).sorted { $0.caller < $1.caller }
    }

    static func == (one: ModelWaiters, other: ModelWaiters) -> Bool {
        one.asking == other.asking && one.using == other.using
    }
}

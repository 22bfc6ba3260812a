// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A value that belongs to an event loop, in a box that any thread may hold.
///
/// `@unchecked Sendable`: the value is only reached through `withValue`, after the check that the caller runs on the
/// loop, so two threads never use it at once. A box may be dropped anywhere. When that drops the last reference to an
/// object, its `deinit` runs there; by then nothing else can reach the object, but the `deinit` must not assume that it
/// runs on the loop.
package struct LoopBound<Value>: @unchecked Sendable {
    package let loop: EventLoop
    @usableFromInline let value: Value

    /// Boxes a value of the loop. Call on the loop.
    package init(_ value: Value, on loop: EventLoop) {
        precondition(loop.isCurrent, "a value is bound to an event loop from outside")
        self.loop = loop
        self.value = value
    }

    /// Boxes a value that nothing else refers to. Call from anywhere.
    package init(sending value: sending Value, on loop: EventLoop) {
        self.loop = loop
        self.value = value
    }

    /// Lends the value. Call on the loop.
    @inlinable
    package func withValue<R, E: Error>(_ body: (Value) throws(E) -> R) throws(E) -> R {
        precondition(loop.isCurrent, "a value of an event loop is used elsewhere")
        return try body(value)
    }
}

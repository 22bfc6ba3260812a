// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import Synchronization

/// A value behind a lock: a `Mutex` whose order the thread sanitizer can see.
///
/// On Linux the kernel hands a contended `Mutex` from thread to thread, and the sanitizer, which sees only the program,
/// mistakes the two holders for a race. Here each holder also stores an atomic that the next one loads, so that what
/// the sanitizer reports is a real race.
///
/// It is public because the compiler specializes only public code across modules.
public struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>
    @usableFromInline let order = Atomic<Bool>(false)

    /// Guards a value that nothing else refers to.
    @inlinable
    public init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Lends the value while the lock is held. `body` must not take the same lock.
    @inlinable
    public borrowing func withLock<R: ~Copyable, E: Error>(
        _ body: (inout sending Value) throws(E) -> sending R
    ) throws(E) -> sending R {
        try mutex.withLock { (value) throws(E) -> sending R in
            _ = order.load(ordering: .acquiring)
            defer { order.store(true, ordering: .releasing) }
            return try body(&value)
        }
    }
}

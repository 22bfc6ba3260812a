// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Allocates ports to instances: each gets its own port, and none that another process has.
package final class PortAllocator: Sendable {
    private struct State {
        /// Ports that are leased, or that a call is trying.
        var taken: Set<UInt16> = []
        /// Where the next search begins, so that a port is not reused at once.
        var next: UInt16?
    }

    private let state = Guarded(State())
    private let start: Int

    /// - Parameter start: The offset in a range where the first search begins. It is random, so that several daemons on one host
    ///   seldom choose the same port between a spawn and the program's bind.
    package init(start: Int = .random(in: 0..<Int(UInt16.max))) {
        self.start = start
    }

    /// Takes a free port, and holds it by listening there.
    package func take(from range: ClosedRange<UInt16>) throws(BackendError) -> PortLease {
        let count = Int(range.upperBound) - Int(range.lowerBound) + 1
        let next = state.withLock { $0.next }
        let first = next.map { range.contains($0) ? Int($0 - range.lowerBound) : 0 } ?? start % count
        for offset in 0..<count {
            let port = range.lowerBound + UInt16((first + offset) % count)
            guard state.withLock({ $0.taken.insert(port).inserted }) else { continue }
            do throws(SystemError) {
                let reservation = try PortReservation(port: port)
                state.withLock { $0.next = port == .max ? 0 : port + 1 }
                return PortLease(reservation, allocator: self)
            } catch {
                free(port)
                if error.isOutOfDescriptors { throw .noDescriptor("cannot look for a free port", error) }
            }
        }
        throw BackendError(
            .resourceExhausted, .portsExhausted,
            "no port from \(range.lowerBound) to \(range.upperBound) is free; widen port_range",
            metadata: ["port_range": "\(range.lowerBound)-\(range.upperBound)"], retryAfter: .seconds(1))
    }

    /// Takes a port that a running instance has; nil if it is leased already.
    func adopt(_ port: UInt16) -> PortLease? {
        guard state.withLock({ $0.taken.insert(port).inserted }) else { return nil }
        return PortLease(adopting: port, allocator: self)
    }

    /// Whether a process ended because its port was in use: its last lines say so, or another process has the port and nothing is left
    /// of the process's own tree.
    static func isTaken(_ port: UInt16, _ lines: [String], _ isAlone: Bool) -> Bool {
        let texts = ["address already in use", "eaddrinuse", "errno 98", "address in use"]
        return (isAlone && !isFree(port))
            || lines.contains { line in
                let line = line.lowercased()
                return texts.contains { line.contains($0) }
            }
    }

    /// Whether no process listens at a port; true also if the daemon is out of descriptors.
    package static func isFree(_ port: UInt16) -> Bool {
        do throws(SystemError) {
            _ = try PortReservation(port: port)
            return true
        } catch {
            return error.isOutOfDescriptors
        }
    }

    fileprivate func free(_ port: UInt16) {
        state.withLock { _ = $0.taken.remove(port) }
    }
}

/// A port that belongs to one instance until the lease is released.
package final class PortLease: Sendable {
    package let port: UInt16
    private let allocator: PortAllocator
    private let reservation: Guarded<PortReservation?>

    fileprivate init(_ reservation: consuming PortReservation, allocator: PortAllocator) {
        port = reservation.port
        self.allocator = allocator
        self.reservation = Guarded(consume reservation)
    }

    fileprivate init(adopting port: UInt16, allocator: PortAllocator) {
        self.port = port
        self.allocator = allocator
        reservation = Guarded(nil)
    }

    deinit { allocator.free(port) }

    /// Listens at the port again after ``letGo()``; false if another process has it now.
    package func hold() -> Bool {
        reservation.withLock { reservation in
            if reservation == nil { reservation = try? PortReservation(port: port) }
            return reservation != nil
        }
    }

    /// Stops listening, so that the instance can. Call right before its start.
    package func letGo() {
        reservation.withLock { $0 = nil }
    }
}

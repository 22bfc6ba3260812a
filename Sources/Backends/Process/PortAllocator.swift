// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Gives instances their ports: no two the same, and none that somebody else has.
package final class PortAllocator: Sendable {
    private struct State {
        var taken: Set<UInt16> = []
        /// Where the search goes on, so that a port is not used again at once.
        var next: UInt16?
    }

    private let state = Guarded(State())
    private let start: Int

    /// `start` is where in a range the first search begins: anywhere, so that the daemons of a host, between a spawn and the
    /// child's binding, seldom want the same port.
    package init(start: Int = .random(in: 0..<Int(UInt16.max))) {
        self.start = start
    }

    /// Takes a free port and holds it.
    package func take(from range: ClosedRange<UInt16>) throws(BackendError) -> PortLease {
        let lease = try state.withLock { state throws(BackendError) -> PortLease? in
            let count = Int(range.upperBound) - Int(range.lowerBound) + 1
            let first = state.next.map { range.contains($0) ? Int($0 - range.lowerBound) : 0 } ?? start % count
            for offset in 0..<count {
                let port = range.lowerBound + UInt16((first + offset) % count)
                guard !state.taken.contains(port) else { continue }
                do throws(SystemError) {
                    let reservation = try PortReservation(port: port)
                    state.taken.insert(port)
                    state.next = port == .max ? 0 : port + 1
                    return PortLease(reservation, allocator: self)
                } catch {
                    if error.isOutOfDescriptors { throw .noDescriptor("cannot look for a free port", error) }
                }
            }
            return nil
        }
        guard let lease else {
            throw BackendError(
                .resourceExhausted, .portsExhausted,
                "no port from \(range.lowerBound) to \(range.upperBound) is free; widen port_range",
                metadata: ["port_range": "\(range.lowerBound)-\(range.upperBound)"], retryAfter: .seconds(1))
        }
        return lease
    }

    /// Whether a process that has ended could not have its port, by its last lines, or because another has it while nothing of its own
    /// is left.
    static func isTaken(_ port: UInt16, _ lines: [String], _ isAlone: Bool) -> Bool {
        let words = ["address already in use", "eaddrinuse", "errno 98", "address in use"]
        return (isAlone && !isFree(port))
            || lines.contains { line in
                let line = line.lowercased()
                return words.contains { line.contains($0) }
            }
    }

    /// Whether no process listens at a port, as far as that can be found out.
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

/// A port that belongs to one instance, until the lease is dropped.
package final class PortLease: Sendable {
    package let port: UInt16
    private let allocator: PortAllocator
    private let reservation: Guarded<PortReservation?>

    fileprivate init(_ reservation: consuming PortReservation, allocator: PortAllocator) {
        port = reservation.port
        self.allocator = allocator
        self.reservation = Guarded(consume reservation)
    }

    deinit { allocator.free(port) }

    /// Holds it again after ``letGo()``; false where somebody else has it now.
    package func hold() -> Bool {
        reservation.withLock { reservation in
            if reservation == nil { reservation = try? PortReservation(port: port) }
            return reservation != nil
        }
    }

    /// Lets the instance bind to it: to be called right before its start.
    package func letGo() {
        reservation.withLock { $0 = nil }
    }
}

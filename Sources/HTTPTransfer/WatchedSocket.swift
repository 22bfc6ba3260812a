// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

/// A socket of libcurl's on the event loop.
///
/// The loop gets a duplicate of the descriptor: it stays valid until the watch ends, whatever the library does.
final class WatchedSocket: EventHandler {
    private let loop: EventLoop
    private let descriptor: FileDescriptor
    private let onReady: (Int32) -> Void
    private var registration: Registration?

    /// Calls `onReady` with `CCURL_…` bits until the watch ends.
    init(
        _ socket: Int32, interest: Interest, loop: EventLoop, onReady: @escaping (Int32) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.onReady = onReady
        descriptor = try FileDescriptor.duplicate(socket)
        registration = try loop.register(descriptor.rawValue, interest: interest, handler: self)
    }

    func update(_ interest: Interest) {
        if let registration { loop.update(registration, interest: interest) }
    }

    func end() {
        guard let registration else { return }
        self.registration = nil
        loop.deregister(registration)
    }

    func ready(_ events: ReadyEvents) {
        var bits: Int32 = 0
        if !events.isDisjoint(with: [.readable, .peerClosedWrite, .hangup]) { bits |= Int32(CCURL_IN) }
        if events.contains(.writable) { bits |= Int32(CCURL_OUT) }
        if events.contains(.error) { bits |= Int32(CCURL_ERROR) }
        onReady(bits)
    }
}

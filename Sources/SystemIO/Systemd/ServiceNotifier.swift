// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
package import TextKeys

/// Tells the service manager the state of the daemon, as `sd_notify(3)` describes it.
package struct ServiceNotifier: Hashable, Sendable {
    /// A change of the daemon's state.
    package enum Message: Hashable, Sendable {
        case ready
        case stopping
        /// A reload begins, at a time of the monotonic clock; `ready` ends it.
        case reloading(nanoseconds: UInt64)
        case status(String)
        case watchdog
    }

    private let address: String?
    /// The longest time between two `watchdog` messages that the service manager accepts; send them at half of it.
    package let watchdogInterval: Duration?

    /// A notifier for the socket that the environment names; without `NOTIFY_SOCKET` it does nothing.
    package init(environment: TextMap<String> = Environment.all, pid: Int32 = ProcessInformation.pid) {
        address = environment["NOTIFY_SOCKET"]
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == pid } ?? true
        watchdogInterval = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
            .flatMap { isMeant && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Sends messages in one datagram. Does nothing if there is no socket.
    package func send(_ messages: Message...) throws(SystemError) {
        guard let address else { return }
        let text = messages.map(Self.line).joined(separator: "\n")
        guard unsafe csys_notify(address, address.utf8.count, text, text.utf8.count) == 0 else {
            throw .last("notify", address)
        }
    }

    private static func line(_ message: Message) -> String {
        switch message {
        case .ready: "READY=1"
        case .stopping: "STOPPING=1"
        case .reloading(let nanoseconds): "RELOADING=1\nMONOTONIC_USEC=\(nanoseconds / 1000)"
        // A line break would begin another variable.
        case .status(let text): "STATUS=" + String(text.map { $0.isNewline ? " " : $0 })
        case .watchdog: "WATCHDOG=1"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import HTTPTransfer
package import Logging
package import SystemIO

/// What the types share that run something on this machine or reach for another one: one supervising event loop, and the places
/// where sockets and logs of instances go.
///
/// Nothing is made before it is first needed, so a daemon with LOCAL backends alone does not pay for it.
package final class BackendHost: Sendable {
    package let clock: any BackendClock
    package let log: Logger
    /// Where instances get their sockets; made when the first one needs it.
    package let socketDirectory: String
    /// Where the output of instances is kept; made when the first one writes.
    package let logDirectory: String
    private let supervision = Guarded<EventLoop?>(nil)
    private let transfer = Guarded<HTTPTransfer?>(nil)

    package init(clock: any BackendClock, socketDirectory: String, logDirectory: String, log: Logger) {
        self.clock = clock
        self.socketDirectory = socketDirectory
        self.logDirectory = logDirectory
        self.log = log
    }

    /// The loop that watches processes, files and connections; apart from those that serve clients.
    package func loop() throws(SystemError) -> EventLoop {
        try supervision.withLock { loop throws(SystemError) in
            if let loop { return loop }
            let made = try EventLoop(name: "supervision")
            try made.start()
            loop = made
            return made
        }
    }

    /// What sends HTTP requests, on the same loop. The library for it is opened by the first request.
    package func http() throws(SystemError) -> HTTPTransfer {
        let loop = try loop()
        return transfer.withLock { transfer in
            if let transfer { return transfer }
            let made = HTTPTransfer(loop: loop)
            transfer = made
            return made
        }
    }

    /// Ends the loop. To be called once nothing of the types is under way.
    package func close() {
        guard let loop = supervision.withLock({ $0 }) else { return }
        loop.stop()
        loop.join()
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing
internal import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ServiceNotifierTests {
    @Test func `messages go to a path, all of one call in one datagram`() throws {
        let directory = try TemporaryDirectory()
        let receiver = try DatagramReceiver(address: directory.file("notify"))
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": directory.file("notify")])
        try notifier.send(.ready, .status("serving\non a socket"))
        #expect(try receiver.receive() == "READY=1\nSTATUS=serving on a socket")
        try notifier.send(.reloading(nanoseconds: 5_000))
        #expect(try receiver.receive() == "RELOADING=1\nMONOTONIC_USEC=5")
        try notifier.send(.watchdog)
        #expect(try receiver.receive() == "WATCHDOG=1")
        try notifier.send(.stopping)
        #expect(try receiver.receive() == "STOPPING=1")
    }

    @Test func `messages go to an abstract name`() throws {
        let name = "@backendd-test-\(try RandomBytes.make(8).map { String($0, radix: 16) }.joined())"
        let receiver = try DatagramReceiver(address: name)
        try ServiceNotifier(environment: ["NOTIFY_SOCKET": name]).send(.ready)
        #expect(try receiver.receive() == "READY=1")
    }

    @Test func `without a service manager nothing is sent`() throws {
        let notifier = ServiceNotifier(environment: [:])
        try notifier.send(.ready)
    }

    @Test(arguments: ["relative", "/nowhere/notify", "/" + String(repeating: "x", count: 200), "@"])
    func `a service manager that is not there is an error`(address: String) {
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": address])
        let error = #expect(throws: SystemError.self) { try notifier.send(.ready) }
        #expect(error?.subject == address)
    }

    @Test(
        arguments: [
            ([:], nil),
            (["WATCHDOG_USEC": "3000000"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "42"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "43"], nil),
            (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "soon"], nil),
        ] as [(TextMap<String>, Duration?)])
    func `the watchdog's interval is for the process it is meant for`(
        environment: TextMap<String>, interval: Duration?
    ) {
        #expect(ServiceNotifier(environment: environment, pid: 42).watchdogInterval == interval)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing
internal import TextKeys

@Suite struct ListenFDsTests {
    @Test(
        arguments: [
            ([:], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": "1"], 1),
            (["LISTEN_PID": "42", "LISTEN_FDS": "3"], 3),
            (["LISTEN_PID": "43", "LISTEN_FDS": "1"], 0),
            (["LISTEN_FDS": "1"], 0),
            (["LISTEN_PID": "42"], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": "0"], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": "-1"], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": "2147483647"], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": "99999999999"], 0),
            (["LISTEN_PID": "x", "LISTEN_FDS": "1"], 0),
            (["LISTEN_PID": "42", "LISTEN_FDS": ""], 0),
        ] as [(TextMap<String>, Int)])
    func `descriptors count from three, for the process they are meant for`(
        environment: TextMap<String>, count: Int
    ) {
        let numbers = ListenFDs.parse(environment, pid: 42)
        #expect(numbers.lowerBound == 3)
        #expect(numbers.count == count)
    }

    @Test func `taking what is not there takes nothing`() async {
        await #expect(processExitsWith: .success) {
            let taken = try ListenFDs.take()
            precondition(taken.isEmpty)
        }
    }
}

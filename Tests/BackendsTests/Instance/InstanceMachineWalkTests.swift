// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing

@Suite("InstanceMachine, at random")
struct InstanceMachineWalkTests {
    @Test func `no order of events makes it break its rules`() {
        for seed in 0..<1000 {
            var walk = MachineWalk(seed: seed)
            walk.run(steps: 1000)
            guard let problem = walk.problem else { continue }
            Issue.record("seed \(seed): \(problem), after\n\(walk.steps.joined(separator: "\n"))")
            return
        }
    }
}

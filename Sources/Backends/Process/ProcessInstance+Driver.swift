// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ProcessInstance {
    /// What belongs to the task that runs an instance.
    struct Driver {
        var machine: InstanceMachine
        var timers: [InstanceMachine.Timer: Task<Void, Never>] = [:]
        var probes: [Task<Void, Never>] = []
        var isFinished = false
        /// The tree of the current run, once it is there.
        private var tree: ChildTree?
        private var launch: InstanceLaunch?
        private var ending: Task<Void, Never>?
        /// Whether the tree is to be ended as soon as it is there.
        private var isEndWanted = false
        private var isKillWanted = false

        init(machine: InstanceMachine) {
            self.machine = machine
        }

        mutating func take(
            _ event: Event, at time: Duration, instance: ProcessInstance
        ) -> [InstanceMachine.Action] {
            switch event {
            case .start:
                return machine.start()
            case .stop:
                return machine.stop()
            case .kill:
                isKillWanted = true
                ending?.cancel()
                return machine.stop()
            case .spawned(let run, let tree, let launch):
                (self.tree, self.launch) = (tree, launch)
                let actions = machine.spawned(run: run, pid: tree.pid)
                if isEndWanted { end(run, instance: instance) }
                return actions
            case .spawnFailed(let run, let error):
                (tree, launch, isEndWanted) = (nil, nil, false)
                return machine.spawnFailed(run: run, error: error, at: time)
            case .exited(let run, let end):
                return machine.exited(run: run, end: end, at: time)
            case .treeEnded(let run):
                (tree, launch, ending, isEndWanted) = (nil, nil, nil, false)
                return machine.treeEnded(run: run, at: time)
            case .probed(let run, let kind, let result):
                switch result {
                case .success: return machine.probed(run: run, kind, isSuccess: true, at: time)
                case .failure(let words):
                    return machine.probed(run: run, kind, isSuccess: false, words: words, at: time)
                }
            case .timer(let timer):
                timers[timer] = nil
                return machine.timerFired(timer, at: time)
            case .foundIll(let words):
                return machine.foundIll(words, at: time)
            }
        }

        mutating func end(_ run: InstanceMachine.RunID, instance: ProcessInstance) {
            guard let tree, let launch else {
                isEndWanted = true
                return
            }
            isEndWanted = false
            let task = instance.end(run, tree, launch)
            if isKillWanted { task.cancel() }
            ending = task
        }

        mutating func clear(_ run: InstanceMachine.RunID, instance: ProcessInstance) {
            guard let tree else { return }
            ending = instance.clear(run, tree)
        }

        mutating func endProbes() {
            for probe in probes { probe.cancel() }
            probes = []
        }
    }
}

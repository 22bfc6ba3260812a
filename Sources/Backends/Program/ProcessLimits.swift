// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// The limits of one instance, which are set before its program runs.
package struct ProcessLimits: Hashable, Sendable {
    /// Limits by the names of `prlimit`: `nofile`, `nproc`, `core`, `memlock`, `as`, `cpu`, `fsize`, `stack`.
    package var resources: TextMap<Int64>
    /// The niceness, from -20 to 19.
    package var nice: Int?
    /// The processors that the instance may run on; empty means all.
    package var processors: [Int]
    /// The most bytes of memory that the whole tree may use; in force only with a control group.
    package var memory: Int64?

    package init(
        resources: TextMap<Int64> = [:], nice: Int? = nil, processors: [Int] = [], memory: Int64? = nil
    ) {
        self.resources = resources
        self.nice = nice
        self.processors = processors
        self.memory = memory
    }

    /// The numbers of the resources, by the names of `prlimit`.
    private static let numbers: [String: UInt32] = [
        "cpu": 0, "fsize": 1, "data": 2, "stack": 3, "core": 4, "rss": 5, "nproc": 6, "nofile": 7, "memlock": 8,
        "as": 9,
        "locks": 10, "sigpending": 11, "msgqueue": 12, "nice": 13, "rtprio": 14, "rttime": 15,
    ]

    /// The number of a resource; nil when there is none of the name.
    package static func number(of name: String) -> UInt32? { numbers[name] }

    /// The names of all resources, sorted.
    static let names = numbers.keys.sorted()

    /// The resource that marks processes, see ``ProcessMark``.
    package static let fileLocks: UInt32 = 10
}

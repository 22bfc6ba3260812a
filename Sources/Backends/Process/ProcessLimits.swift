// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// What one instance may use, as far as the configuration says.
///
/// Limits are set by well-known programs in front of the instance's own, each of which becomes the next: the instance never
/// runs without them.
package struct ProcessLimits: Hashable, Sendable {
    /// By the names that `prlimit` has: `nofile`, `nproc`, `core`, `memlock`, `as`, `cpu`, `fsize`, `stack`.
    package var resources: TextMap<Int64>
    /// From -20 to 19.
    package var nice: Int?
    /// The processors it may run on.
    package var processors: [Int]
    /// The most bytes it and its descendants may use together; only where there is a control group for that.
    package var memory: Int64?

    package init(
        resources: TextMap<Int64> = [:], nice: Int? = nil, processors: [Int] = [], memory: Int64? = nil
    ) {
        self.resources = resources
        self.nice = nice
        self.processors = processors
        self.memory = memory
    }

    /// The programs that set them, with the key of each.
    var tools: [(program: String, key: String)] {
        var tools: [(program: String, key: String)] = []
        if !resources.isEmpty { tools.append(("prlimit", "resources")) }
        if nice != nil { tools.append(("nice", "nice")) }
        if !processors.isEmpty { tools.append(("taskset", "cpus")) }
        return tools
    }

    /// The programs to go before an instance's own.
    var prefix: [String] {
        var prefix: [String] = []
        if !resources.isEmpty {
            prefix += ["prlimit"] + resources.sorted().map { "--\($0.key)=\($0.value)" } + ["--"]
        }
        if let nice { prefix += ["nice", "-n", "\(nice)", "--"] }
        if !processors.isEmpty { prefix += ["taskset", "-c", processors.map(String.init).joined(separator: ",")] }
        return prefix
    }
}

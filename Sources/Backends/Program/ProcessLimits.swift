// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import TextKeys

/// The limits of one instance.
///
/// Well-known tools set them in a chain that ends with the instance's program, each executing the next, so that the program never
/// runs without its limits.
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

    /// The tools that set the limits, each with the configuration key that needs it.
    var tools: [(program: String, key: String)] {
        var tools: [(program: String, key: String)] = []
        if !resources.isEmpty { tools.append(("prlimit", "resources")) }
        if nice != nil { tools.append(("nice", "nice")) }
        if !processors.isEmpty { tools.append(("taskset", "cpus")) }
        return tools
    }

    /// The arguments to put in front of the program.
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

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import Logging
internal import SocketRPC
internal import SystemIO
internal import TextKeys

/// Runs the programs of instances below shims, one each, which outlive the daemon.
///
/// Each run has a directory, see ``RunDirectory``. One daemon at a time works in the directory of the runs; it holds a lock there for as
/// long as it lives.
package final class ShimHost: InstanceHost {
    /// The variable that names the program, in place of `backendd-shim` beside the daemon's program.
    package static let variable = "BACKENDD_SHIM"
    /// The first descriptors of a shim: what to start, its output, its lock, its directory and its pipe.
    private static let descriptors: Int32 = 6

    private let program: String
    let place: String
    private let directoryCheck: Duration?
    /// How the marks of runs begin: of any daemon with this directory, and of this one.
    let markPrefix: String
    let ownMarkPrefix: String
    let strays = Guarded(Strays())
    private let claimed = Guarded<Claim?>(nil)

    /// The directory of the runs, with the lock.
    private final class Claim: Sendable {
        let directory: Directory

        init(_ directory: consuming Directory) {
            self.directory = directory
        }
    }

    /// - Parameters:
    ///   - program: The path of the shim's program.
    ///   - directory: The directory of the runs, which is created when the first one begins. It should be gone after a boot.
    ///   - directoryCheck: How often a shim looks whether the directory of its run was removed, when it ends the instance; nil: every 30 s.
    package init(
        program: String = ShimHost.standardProgram, directory: String, directoryCheck: Duration? = nil
    ) {
        self.program = program
        self.directoryCheck = directoryCheck
        place = directory
        markPrefix = "run-\(FileName.hash(directory))-"
        ownMarkPrefix = markPrefix + String(UInt64.random(in: .min ... .max), radix: 16) + "-"
    }

    /// The program that the environment names, or else that beside this program.
    package static var standardProgram: String {
        if let named = Environment.all[variable], !named.isEmpty { return named }
        return (ProcessInformation.programDirectory ?? "/usr/libexec") + "/backendd-shim"
    }

    /// Why the program cannot be run; nil when it can.
    package var programProblem: String? {
        File.isExecutable(program)
            ? nil : "the program \(program) is missing; install it beside backendd, or set \(Self.variable)"
    }

    /// The directory of the runs, once this daemon has it for itself.
    func directory(on supervision: Supervision) async throws(SystemError) -> Directory {
        // On the loop alone: two tasks of this daemon would keep each other out.
        let claim = try await supervision.loop().run { () throws(SystemError) in try self.claim() }
        return try claim.directory.duplicate()
    }

    /// Which directory this daemon has for itself; nil if it has none yet.
    var claimedIdentity: FileIdentity? { claimed.withLock { $0 }.flatMap { try? $0.directory.identity() } }

    private func claim() throws(SystemError) -> Claim {
        if let claim = claimed.withLock({ $0 }), try !claim.directory.isRemoved() { return claim }
        let directory = try Directory.trusted(place, creating: true)
        guard try directory.lock(alone: true) else { throw .heldByAnother(place) }
        let claim = Claim(directory)
        claimed.withLock { $0 = claim }
        return claim
    }
}

// MARK: Starting

extension ShimHost {
    package func spawn(
        _ launch: TreeLaunch, on supervision: Supervision
    ) async throws(BackendError) -> any ProcessTree {
        let (spec, path) = (launch.program, try launch.program.programPath())
        let tree: ShimTree
        do throws(SystemError) {
            let directory = try await directory(on: supervision)
            // Only when the directory belongs to this daemon: what another daemon runs there is not a stray.
            await endStrays(on: supervision)
            tree = try begin(launch, path, in: directory, supervision)
        } catch {
            throw error.isOutOfDescriptors || error.call == "start"
                ? .cannotSupervise(spec.instance, error)
                : .directoryUnusable(spec.instance, "cannot be started", error, key: "instance_directory")
        }
        tree.onLogChange(launch.logChanged)
        do throws(SystemError) {
            try await tree.watch()
        } catch {
            await tree.kill()
            await tree.forget()
            throw .cannotSupervise(spec.instance, error)
        }
        let start = await tree.start()
        if case .running = start { return tree }
        await tree.clear()
        await tree.forget()
        switch start {
        case .running: return tree
        case .failed(let failure): throw failure.error(of: launch)
        case .failedUnnoted(let failure):
            throw BackendError(
                .internal, .spawnFailed,
                "cannot start instance \(spec.instance): its shim could not \(failure.step(of: launch).call); make room in \(place)",
                metadata: ["instance": spec.instance])
        case .lost, nil:
            throw BackendError(
                .internal, .spawnFailed,
                "cannot start instance \(spec.instance): its shim, \(program), did not start it; \(programProblem ?? "try again")",
                metadata: ["instance": spec.instance])
        }
    }

    private func begin(
        _ launch: TreeLaunch, _ path: String, in directory: borrowing Directory, _ supervision: Supervision
    ) throws(SystemError) -> ShimTree {
        let (spec, mark) = (launch.program, ProcessMark(prefix: ownMarkPrefix))
        // A name that no later run has: the shim removes the group too, at its own time.
        let group = Cgroup(
            name: "backendd-\(ProcessInformation.pid)-\(FileName.short(spec.instance))-\(mark.text.suffix(8))",
            memory: spec.limits.memory, below: supervision.groups)
        if spec.limits.memory != nil, group?.isMemoryBounded != true {
            supervision.log.warning(
                "the memory of an instance is not limited: the daemon has no control group with a memory controller",
                metadata: ["instance": "\(spec.instance)"])
        }
        let intent = ShimIntent(launch.note, mark: mark, group: group?.path)
        let message = try ShimLaunch(
            launch, program: path, mark: mark, group: group?.path, directoryCheck: directoryCheck
        ).bytes()
        let run = try RunDirectory.make(intent, in: directory)
        let child: ChildProcess
        do throws(SystemError) {
            child = try startShim(of: run, message)
        } catch {
            try? run.directory.remove()
            throw error
        }
        return ShimTree(
            intent, in: run.directory, shim: RunningShim(child), life: run.writing, group: group,
            supervision: supervision)
    }

    private func startShim(of run: borrowing RunDirectory.New, _ message: [UInt8]) throws(SystemError) -> ChildProcess {
        let first = Self.descriptors
        let launch = try FileDescriptor.sealed(message, name: "launch").duplicate(from: first)
        let lock = try run.lock.duplicate(from: first)
        let directory = try run.directory.descriptor(from: first)
        let life = try run.reading.duplicate(from: first)
        return try ChildProcess.spawn(
            [program], environment: [:], directory: "/", newSession: false,
            input: .descriptor(launch.rawValue), output: .null, error: .null,
            more: [lock.rawValue, directory.rawValue, life.rawValue])
    }
}

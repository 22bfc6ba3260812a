// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
package import TextKeys

/// A program that this process has started. Dropping the value neither ends nor reaps it.
package struct ChildProcess: ~Copyable, Sendable {
    /// What one of the child's first three descriptors is.
    package enum Stream: Hashable, Sendable {
        /// The same as this process's.
        case inherited
        /// `/dev/null`.
        case null
        /// An open descriptor of this process, above 2.
        case descriptor(Int32)
    }

    package let pid: Int32
    private let process: FileDescriptor
    private let ownership: OwnedChildren.Ownership

    /// Starts a program with default signal handlers, only the descriptors that are named here, and the descriptor limit
    /// that this process was started with.
    ///
    /// - Parameters:
    ///   - arguments: The program, which is searched for in `PATH` if it has no slash, and its arguments.
    ///   - environment: Its whole environment; nil: this process's.
    ///   - directory: Its working directory; nil: this process's.
    ///   - group: The control group that it joins before it runs; nil: this process's.
    ///   - lockLimit: Its soft limit on file locks, which Linux does not enforce and its descendants inherit; nil:
    ///     this process's.
    ///   - newSession: Whether it leads a session of its own, and thus a process group that `signalGroup` reaches.
    ///   - input: Its standard input.
    ///   - output: Its standard output.
    ///   - error: Its standard error.
    ///   - more: Open descriptors of this process that become its descriptors 3, 4 and so on.
    /// - Returns: The child. Reap it with `wait` or `poll`.
    /// - Throws: If the program cannot be started, for example because it does not exist.
    package static func spawn(
        _ arguments: [String], environment: TextMap<String>? = nil, directory: String? = nil, group: Cgroup? = nil,
        lockLimit: UInt64? = nil, newSession: Bool,
        input: Stream = .inherited, output: Stream = .inherited, error: Stream = .inherited, more: [Int32] = []
    ) throws(SystemError) -> ChildProcess {
        guard let program = arguments.first else {
            throw SystemError(code: EINVAL, call: "start a program", subject: "without a name")
        }
        let variables = environment?.map { "\($0.key)=\($0.value)" }
        for text in arguments + (variables ?? []) where text.utf8.contains(0) {
            throw SystemError(code: EINVAL, call: "start", subject: "\(program) with a NUL byte in an argument")
        }
        let streams = (input.number, output.number, error.number)
        var process: Int32 = -1
        let (code, pid, ownership) = OwnedChildren.spawning { () -> (Int32, Int32) in
            var pid: Int32 = -1
            let code = unsafe withCStrings(arguments) { arguments in
                unsafe withEnvironment(variables) { environment in
                    unsafe withOptionalCString(directory) { directory in
                        unsafe withOptionalCString(group?.path) { group in
                            guard let path = unsafe arguments[0] else { return ENOMEM }
                            return unsafe more.withUnsafeBufferPointer { more in
                                var how = unsafe csys_spawn(
                                    path: path, arguments: arguments, environment: environment, directory: directory,
                                    standard: streams, more: more.baseAddress, more_count: Int32(more.count),
                                    new_session: newSession, group: group, lock_limit: lockLimit ?? .max)
                                return unsafe csys_process_spawn(&how, &pid, &process)
                            }
                        }
                    }
                }
            }
            return (code, pid)
        }
        if code < 0, let group { throw SystemError(code: -code, call: "join control group", subject: group.path) }
        guard code == 0 else { throw SystemError(code: code, call: "start", subject: program) }
        return ChildProcess(pid: pid, process: FileDescriptor(adopting: process), ownership: ownership)
    }

    private init(pid: Int32, process: consuming FileDescriptor, ownership: OwnedChildren.Ownership) {
        self.pid = pid
        self.process = process
        self.ownership = ownership
    }

    /// Waits until the child has ended, and reaps it. Blocks. Call once.
    package borrowing func wait() throws(SystemError) -> Status {
        guard let status = try reap(blocking: true) else {
            throw SystemError(code: ECHILD, call: "wait for process", subject: "\(pid)")
        }
        return status
    }

    /// Reaps the child if it has ended. Returns nil while it runs.
    package borrowing func poll() throws(SystemError) -> Status? {
        try reap(blocking: false)
    }

    /// How the child has ended, without reaping it, so that it keeps its number. Nil while it runs.
    package borrowing func peek() throws(SystemError) -> Status? {
        var value: Int32 = 0
        return try status(unsafe csys_pidfd_peek(process.rawValue, &value), value)
    }

    /// Sends a signal. Does nothing if the child has ended.
    package borrowing func signal(_ signal: Signal) throws(SystemError) {
        guard csys_pidfd_signal(process.rawValue, signal.rawValue) == 0 else {
            let code = errno
            guard code == ESRCH else { throw SystemError(code: code, call: "signal process", subject: "\(pid)") }
            return
        }
    }

    /// Sends a signal to the process group of a child that leads a session. Call before the child is reaped.
    package borrowing func signalGroup(_ signal: Signal) throws(SystemError) {
        guard kill(-pid, signal.rawValue) == 0 else {
            let code = errno
            guard code == ESRCH else { throw SystemError(code: code, call: "signal group", subject: "\(pid)") }
            return
        }
    }

    /// Calls `onExit` on the loop when the child has ended, which must then still be reaped. Call on the loop.
    package borrowing func watch(
        on loop: EventLoop, onExit: @escaping () -> Void
    ) throws(SystemError) -> ProcessWatch {
        try ProcessWatch(process: process.duplicate(), loop: loop, onExit: onExit)
    }

    private borrowing func reap(blocking: Bool) throws(SystemError) -> Status? {
        var value: Int32 = 0
        return try status(unsafe csys_pidfd_reap(process.rawValue, blocking, &value), value)
    }

    private borrowing func status(_ result: Int32, _ value: Int32) throws(SystemError) -> Status? {
        switch result {
        case Int32(CSYS_RUNNING): return nil
        case Int32(CSYS_EXITED): return .exited(value)
        case Int32(CSYS_SIGNALED): return .signaled(Signal(rawValue: value))
        default: throw .last("wait for process", "\(pid)")
        }
    }
}

extension ChildProcess.Stream {
    fileprivate var number: Int32 {
        switch self {
        case .inherited: -1
        case .null: -2
        case .descriptor(let number): number
        }
    }
}

private typealias CStrings = UnsafePointer<UnsafeMutablePointer<CChar>?>

/// Lends strings as a C array. Returns `ENOMEM` if memory is short.
private func withCStrings(_ strings: [String], _ body: (CStrings) -> Int32) -> Int32 {
    var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    defer {
        unsafe copies.forEach { unsafe free($0) }
    }
    guard unsafe !copies.contains(where: { unsafe $0 == nil }) else { return ENOMEM }
    unsafe copies.append(nil)
    return unsafe copies.withUnsafeBufferPointer { list in
        guard let base = list.baseAddress else { return ENOMEM }
        return unsafe body(base)
    }
}

/// Lends the variables, or this process's own, byte for byte.
private func withEnvironment(_ variables: [String]?, _ body: (CStrings) -> Int32) -> Int32 {
    if variables == nil, let own = unsafe csys_environment() { return unsafe body(own) }
    return unsafe withCStrings(variables ?? [], body)
}

private func withOptionalCString<R>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    guard let string else { return body(nil) }
    return unsafe string.withCString(body)
}

extension ChildProcess {
    /// How a process ended.
    package enum Status: Hashable, Sendable {
        case exited(Int32)
        case signaled(Signal)

        /// The status as a shell shows it: the code, or 128 and the signal's number.
        package var shellCode: Int32 {
            switch self {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal.rawValue
            }
        }
    }
}

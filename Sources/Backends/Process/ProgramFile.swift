// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Why a program cannot be started, as the end of a sentence about it.
struct ProgramProblem: Error, Hashable {
    /// `PROGRAM_NOT_FOUND` for a file that is missing or may not be run, `PROGRAM_UNUSABLE` for one that the system cannot run.
    var reason: BackendError.Reason = .programNotFound
    var words: String

    /// What the error of a system call says about a path.
    static func words(for error: SystemError, at path: String) -> String {
        if error.isNotFound {
            return (try? File.kind(of: path)) == .link ? "is a link to something that does not exist" : "does not exist"
        }
        if error.isLinkLoop { return "is a link that leads back to itself" }
        if error.isBelowFile { return "is below something that is not a directory" }
        if error.isPermissionDenied {
            return "cannot be reached by the daemon's user; see the permissions of its directories"
        }
        return "cannot be reached: \(SystemError.words(for: error.code))"
    }
}

/// Looks at the file of a program as the system does when it runs it.
///
/// An instance may be started by way of a tool that sets its limits. An error of the system would come too late there and be about
/// the wrong file.
struct ProgramFile {
    /// Where relative paths count from; nil: where the daemon is.
    let directory: String?
    /// The variable `PATH` that the program gets.
    let searchPath: String

    /// How many interpreters the system follows from one to the next.
    private static let depth = 5
    /// How much of a file is looked at.
    private static let headLength = 65_536

    /// The path of the program that a name stands for: searched in `PATH`, unless it has a slash.
    func path(of name: String) -> Result<String, ProgramProblem> { path(of: name, depth: Self.depth) }

    private func path(of name: String, depth: Int) -> Result<String, ProgramProblem> {
        if name.utf8.contains(UInt8(ascii: "/")) {
            return problem(of: name, depth).map { .failure($0) } ?? .success(name)
        }
        var blocked: ProgramProblem?
        for place in searchPath.utf8.split(separator: UInt8(ascii: ":")) {
            let path = "\(String(place) ?? "")/\(name)"
            let problem = problem(of: path, depth)
            if problem == nil || File.isExecutable(resolved(path)) {
                return problem.map { .failure($0) } ?? .success(path)
            }
            // The search goes on behind one that may not be run, as the system's does.
            if blocked == nil, (try? FileStatus(at: resolved(path)))?.kind == .regular {
                blocked = ProgramProblem(words: "is at \(BackendName.quoted(path)), which \(problem?.words ?? "")")
            }
        }
        return .failure(blocked ?? ProgramProblem(words: "is in no directory of the PATH it would get"))
    }

    private func resolved(_ path: String) -> String {
        guard let directory, path.utf8.first != UInt8(ascii: "/") else { return path }
        return "\(directory)/\(path)"
    }

    private func problem(of path: String, _ depth: Int) -> ProgramProblem? {
        let file = resolved(path)
        guard File.isExecutable(file) else { return Self.problem(ofFileAt: file) }
        guard let head = Self.head(of: file) else { return nil }
        if head.isEmpty { return ProgramProblem(reason: .programUnusable, words: "is an empty file") }
        if head.starts(with: "#!".utf8) { return problem(ofScript: head, depth) }
        if RegisteredFormat.all.contains(where: { $0.matches(file, head) }) { return nil }
        if head.starts(with: ELFImage.magic) { return problem(ofImage: head, depth) }
        return ProgramProblem(
            reason: .programUnusable,
            words: "is neither an ELF program nor a script: its first line must be #! and the path of an interpreter")
    }

    /// Why a file may not be run.
    private static func problem(ofFileAt path: String) -> ProgramProblem {
        do throws(SystemError) {
            switch try FileStatus(at: path).kind {
            case .directory: return ProgramProblem(words: "is a directory")
            case .regular where File.isOnNoExec(path):
                return ProgramProblem(
                    reason: .programUnusable, words: "is on a file system that is mounted with noexec")
            case .regular:
                return ProgramProblem(words: "is not executable by the daemon's user; see its permissions")
            case .absent, .socket, .link, .pipe, .other:
                return ProgramProblem(words: "is not a program, nor a link to one")
            }
        } catch {
            return ProgramProblem(words: ProgramProblem.words(for: error, at: path))
        }
    }

    /// The beginning of a file; nil when it may be run but not read.
    private static func head(of path: String) -> [UInt8]? {
        var buffer = ByteBuffer()
        guard let file = try? File.openRegular(path), (try? file.read(into: &buffer, atMost: headLength)) != nil else {
            return nil
        }
        return buffer.copied()
    }
}

// MARK: Scripts

extension ProgramFile {
    private func problem(ofScript head: [UInt8], _ depth: Int) -> ProgramProblem? {
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        guard line.last != UInt8(ascii: "\r") else {
            return ProgramProblem(
                reason: .programUnusable,
                words: "ends its first line with a carriage return, which the system takes for a part of the name"
                    + " \(BackendName.quoted(String(decoding: line, as: UTF8.self)));"
                    + " save it with line feeds alone")
        }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard let interpreter = words.first else {
            return ProgramProblem(reason: .programUnusable, words: "names no interpreter in its first line")
        }
        guard depth > 0 else {
            return ProgramProblem(reason: .programUnusable, words: "needs an interpreter that is a script, and so on")
        }
        if let problem = problem(of: interpreter, depth - 1) { return Self.about(interpreter, problem) }
        guard interpreter.utf8.split(separator: UInt8(ascii: "/")).last.map({ $0.elementsEqual("env".utf8) }) == true
        else { return nil }
        return problem(ofEnvironment: Array(words.dropFirst()), depth)
    }

    /// What `env` would not find, where its arguments are plain.
    private func problem(ofEnvironment words: [String], _ depth: Int) -> ProgramProblem? {
        let isSplit = words.first.map { ["-S", "--split-string"].contains($0) } ?? false
        // Without -S all that follows is one word for it.
        let names = isSplit ? Array(words.dropFirst().drop { $0.utf8.contains(UInt8(ascii: "=")) }) : words
        guard let first = names.first,
            first.utf8.allSatisfy({ !"-=\"'\\$".utf8.contains($0) || $0 == UInt8(ascii: "-") }),
            first.utf8.first != UInt8(ascii: "-")
        else { return nil }
        if !isSplit, names.count > 1 {
            return ProgramProblem(
                words: "needs the interpreter \(BackendName.quoted(names.joined(separator: " "))) of its first line,"
                    + " which env takes for one word; write env -S")
        }
        guard case .failure(let problem) = path(of: first, depth: depth - 1) else { return nil }
        return Self.about(first, problem)
    }

    private static func about(_ interpreter: String, _ problem: ProgramProblem) -> ProgramProblem {
        ProgramProblem(
            reason: problem.reason,
            words: "needs the interpreter \(BackendName.quoted(interpreter)) of its first line, which \(problem.words)")
    }
}

// MARK: ELF

extension ProgramFile {
    private func problem(ofImage head: [UInt8], _ depth: Int) -> ProgramProblem? {
        guard let image = ELFImage(head, isWhole: head.count < Self.headLength) else {
            return ProgramProblem(reason: .programUnusable, words: "is a damaged ELF program")
        }
        guard image.machine.isRunByThisHost else {
            return ProgramProblem(
                reason: .programUnusable,
                words: "is a program for \(image.machine) processors, which this host does not have")
        }
        guard let loader = image.loader, depth > 0, let problem = problem(of: loader, depth - 1) else { return nil }
        return ProgramProblem(
            reason: problem.reason,
            words: "needs the loader \(BackendName.quoted(loader)) that it was linked for, which \(problem.words)")
    }
}

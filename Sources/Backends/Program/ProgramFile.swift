// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Why a program cannot be started, with the reason of the error.
struct ProgramProblem: Error, Hashable {
    /// `PROGRAM_NOT_FOUND` for a file that is missing or not executable, `PROGRAM_UNUSABLE` for one that the kernel cannot run.
    let reason: BackendError.Reason
    /// The end of a sentence about the program.
    let problem: Problem

    init(_ reason: BackendError.Reason, _ problem: Problem) {
        self.reason = reason
        self.problem = problem
    }

    init(_ reason: BackendError.Reason, _ text: String) { self.init(reason, Problem(text)) }

    init(_ text: String) { self.init(.programNotFound, Problem(text)) }
}

extension Problem {
    /// Why a file or directory cannot be reached, by the error of a system call.
    init(of error: SystemError, at path: String) {
        if error.isNotFound {
            let isLink = (try? File.kind(of: path)) == .link
            self.init(isLink ? "is a link whose target does not exist" : "does not exist")
        } else if error.isLinkLoop {
            self.init("is a link that leads back to itself")
        } else if error.isBelowFile {
            self.init("is below a file that is not a directory")
        } else if error.isPermissionDenied {
            self.init("cannot be reached by the daemon's user; check the permissions of its directories")
        } else {
            self.init("cannot be reached: \(SystemError.text(for: error.code))")
        }
    }
}

/// Checks the file of a program as the kernel does when it runs it.
///
/// An instance may be started through a tool that sets its limits. An error of the kernel would come too late there, and be about
/// the wrong file.
struct ProgramFile {
    /// The directory that relative paths count from; nil means the daemon's working directory.
    let directory: String?
    /// The `PATH` of the program's environment.
    let searchPath: String

    /// How many interpreters the kernel follows from one to the next.
    private static let depth = 5
    /// The bytes of a file that are examined.
    private static let headLength = 65_536

    /// The path of a program: searched in `PATH`, unless the name contains a slash.
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
            // The search goes on after a file that is not executable, as the kernel's does.
            if let problem, blocked == nil, (try? FileStatus(at: resolved(path)))?.kind == .regular {
                blocked = ProgramProblem("is at \(BackendName.quoted(path)), which \(problem.problem)")
            }
        }
        return .failure(blocked ?? ProgramProblem("is in no directory of its PATH"))
    }

    private func resolved(_ path: String) -> String {
        guard let directory, path.utf8.first != UInt8(ascii: "/") else { return path }
        return "\(directory)/\(path)"
    }

    private func problem(of path: String, _ depth: Int) -> ProgramProblem? {
        let file = resolved(path)
        guard File.isExecutable(file) else { return Self.problem(ofFileAt: file) }
        guard let head = Self.head(of: file) else { return nil }
        if head.isEmpty { return ProgramProblem(.programUnusable, "is an empty file") }
        if head.starts(with: "#!".utf8) { return problem(ofScript: head, depth) }
        if RegisteredFormat.all.contains(where: { $0.matches(file, head) }) { return nil }
        if head.starts(with: ELFImage.magic) { return problem(ofImage: head, depth) }
        return ProgramProblem(
            .programUnusable,
            "is neither an ELF program nor a script, whose first line must be #! and the path of an interpreter")
    }

    /// Why a file is not executable.
    private static func problem(ofFileAt path: String) -> ProgramProblem {
        do throws(SystemError) {
            switch try FileStatus(at: path).kind {
            case .directory: return ProgramProblem("is a directory")
            case .regular where File.isOnNoExec(path):
                return ProgramProblem(.programUnusable, "is on a file system that is mounted with noexec")
            case .regular:
                return ProgramProblem("is not executable by the daemon's user; check its permissions")
            case .absent, .socket, .link, .pipe, .other:
                return ProgramProblem("is neither a program nor a link to one")
            }
        } catch {
            return ProgramProblem(.programNotFound, Problem(of: error, at: path))
        }
    }

    /// The beginning of a file; nil when the daemon's user cannot read it.
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
                .programUnusable,
                "ends its first line with a carriage return, which the kernel reads as part of the interpreter's name"
                    + " \(BackendName.quoted(String(decoding: line, as: UTF8.self)));"
                    + " save it with Unix line endings")
        }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard let interpreter = words.first else {
            return ProgramProblem(.programUnusable, "names no interpreter in its first line")
        }
        guard depth > 0 else {
            return ProgramProblem(
                .programUnusable, "needs an interpreter that is itself a script, more than \(Self.depth) times in a row"
            )
        }
        if let problem = problem(of: interpreter, depth - 1) { return Self.about(interpreter, problem) }
        guard interpreter.utf8.split(separator: UInt8(ascii: "/")).last.map({ $0.elementsEqual("env".utf8) }) == true
        else { return nil }
        return problem(ofEnvironment: Array(words.dropFirst()), depth)
    }

    /// The program that `env` would not find; nil when its arguments are not plain words.
    private func problem(ofEnvironment words: [String], _ depth: Int) -> ProgramProblem? {
        let isSplit = words.first.map { ["-S", "--split-string"].contains($0) } ?? false
        // Without -S it reads everything that follows as one word.
        let names = isSplit ? Array(words.dropFirst().drop { $0.utf8.contains(UInt8(ascii: "=")) }) : words
        guard let first = names.first,
            first.utf8.allSatisfy({ !"-=\"'\\$".utf8.contains($0) || $0 == UInt8(ascii: "-") }),
            first.utf8.first != UInt8(ascii: "-")
        else { return nil }
        if !isSplit, names.count > 1 {
            return ProgramProblem(
                "needs the interpreter \(BackendName.quoted(names.joined(separator: " "))) of its first line,"
                    + " which env reads as one word; write env -S")
        }
        guard case .failure(let problem) = path(of: first, depth: depth - 1) else { return nil }
        return Self.about(first, problem)
    }

    private static func about(_ interpreter: String, _ problem: ProgramProblem) -> ProgramProblem {
        ProgramProblem(
            problem.reason,
            "needs the interpreter \(BackendName.quoted(interpreter)) of its first line, which \(problem.problem)")
    }
}

// MARK: ELF

extension ProgramFile {
    private func problem(ofImage head: [UInt8], _ depth: Int) -> ProgramProblem? {
        guard let image = ELFImage(head, isWhole: head.count < Self.headLength) else {
            return ProgramProblem(.programUnusable, "is a damaged ELF program")
        }
        guard image.machine.isRunByThisHost else {
            return ProgramProblem(
                .programUnusable, "is a program for \(image.machine) processors, which this host does not have")
        }
        guard let loader = image.loader, depth > 0, let problem = problem(of: loader, depth - 1) else { return nil }
        return ProgramProblem(
            problem.reason,
            "needs the loader \(BackendName.quoted(loader)) that it was linked for, which \(problem.problem)")
    }
}

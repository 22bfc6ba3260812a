// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension PromptArtifacts {
    /// A file to copy, and the name of the copy.
    struct Artifact: Sendable {
        var path: String
        var name: String
    }

    /// Whether a prompt ID or file name is a single path component of portable characters.
    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "._-".utf8.contains(byte)
            }
    }

    /// Why a directory cannot hold prompts, or not safely, because another user can change it; nil when it can.
    static func problem(ofDirectory path: String) -> Problem? {
        if let problem = ProgramSpec.problem(ofDirectory: path) { return problem }
        do throws(SystemError) {
            _ = try Directory.trusted(path)
            return nil
        } catch {
            return Problem(error.description)
        }
    }

    static func check(_ id: String) throws(BackendError) {
        guard !isName(id) else { return }
        let rule = "must match [A-Za-z0-9._-]{1,128} and be neither . nor .."
        throw BackendError(
            .invalidArgument, .promptIDInvalid, "\(BackendName.quoted(id)) is not a valid prompt ID; it \(rule)",
            violations: [FieldViolation(path: "prompt_id", description: rule)])
    }

    /// Checks that all files exist and are within the limits.
    static func checked(_ paths: [String], _ id: String, _ limits: Limits) throws(BackendError) -> [Artifact] {
        try check(id)
        guard (1...limits.files).contains(paths.count) else {
            throw .artifactUnusable(id, "a prompt must have 1 to \(limits.files) files, not \(paths.count)")
        }
        var names: Set<String> = []
        var artifacts: [Artifact] = []
        var bytes: Int64 = 0
        for path in paths {
            let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
            guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
                throw .artifactUnusable(path, "it must be an absolute path")
            }
            guard isName(name), !name.hasPrefix(".") else {
                throw .artifactUnusable(path, "its name must match [A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
            }
            guard names.insert(name).inserted else {
                throw .artifactUnusable(path, "another file of the prompt has the same name")
            }
            let size = try trying(path) { () throws(SystemError) in
                try FileStatus(of: try File.openRegular(path)).size
            }
            guard size <= limits.bytes - bytes else {
                throw .artifactUnusable(path, "the files of a prompt may have at most \(limits.bytes) bytes in total")
            }
            bytes += size
            artifacts.append(Artifact(path: path, name: name))
        }
        return artifacts
    }

    /// Copies a file, unless the same file exists.
    static func copy(_ artifact: Artifact, into folder: borrowing Directory) throws(BackendError) {
        do throws(SystemError) {
            let source = try File.openRegular(artifact.path)
            let status = try FileStatus(of: source)
            if let there = try folder.status(of: artifact.name), there.isSame(as: status) { return }
            try copy(source, status, artifact, into: folder)
        } catch {
            throw .artifactUnusable(artifact.path, error.description)
        }
    }

    /// Copies to a name of its own, and moves the copy to its place when it is complete.
    private static func copy(
        _ source: borrowing FileDescriptor, _ status: FileStatus, _ artifact: Artifact, into folder: borrowing Directory
    ) throws(SystemError) {
        let random = try RandomBytes.make(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        // File systems allow 255 bytes, so that the longer name fits.
        let temporary = ".\(artifact.name).tmp-\(random)"
        do throws(SystemError) {
            let copy = try folder.createFile(temporary, mode: 0o600)
            try File.copy(source, with: status, to: copy)
            let isWhole = try FileStatus(of: copy).size == status.size
            guard isWhole, try FileStatus(of: source).isSame(as: status) else {
                throw SystemError.changedWhileRead(artifact.path)
            }
            try folder.rename(temporary, to: artifact.name)
        } catch {
            try folder.remove(temporary)
            throw error
        }
    }

    static func trying<Value: ~Copyable>(
        _ subject: String, _ body: () throws(SystemError) -> Value
    ) throws(BackendError) -> Value {
        do throws(SystemError) {
            return try body()
        } catch {
            throw .artifactUnusable(subject, error.description)
        }
    }
}

extension FileStatus {
    fileprivate func isSame(as other: FileStatus) -> Bool {
        kind == .regular && size == other.size && modifiedSeconds == other.modifiedSeconds
            && modifiedNanoseconds == other.modifiedNanoseconds
    }
}

extension BackendError {
    static func artifactUnusable(_ subject: String, _ why: String) -> BackendError {
        BackendError(
            .failedPrecondition, .artifactUnusable, "\(BackendName.quoted(subject)) cannot be used: \(why)",
            metadata: ["artifact": subject])
    }
}

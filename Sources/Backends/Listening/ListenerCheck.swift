// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Checks repeatedly which process listens at a place: one of the instance, or another.
///
/// It remembers the descriptors that it found, so that the next check only reads one small file, and a table of the host that is at
/// most a second old. It searches the instance's processes again only if those do not show the instance.
struct ListenerCheck: Sendable {
    let place: ListeningPlace
    private let supervision: Supervision
    private var holder: ListenerHolder?

    init(_ place: ListeningPlace, on supervision: Supervision) {
        self.place = place
        self.supervision = supervision
    }

    mutating func owner(in tree: (any ProcessTree)?) -> ListeningPlace.Owner {
        if let holder, let table = supervision.tables.listeningSockets(place.family),
            holder.holds(place.sockets(in: table), isAnyEnough: place.isAnyEnough)
        {
            return .own
        }
        holder = nil
        guard let members = tree?.members() else { return .unknown }
        let (owner, holder) = place.holder(among: members.map(\.pid))
        self.holder = holder
        return owner
    }

    /// A failure if a process that is not part of the instance listens there.
    mutating func ownership(in tree: (any ProcessTree)?) -> ProbeResult {
        guard case .other = owner(in: tree) else { return .success }
        return .failure(
            "a process that is not part of the instance listens at \(place); end it, or set listener: any for the probe"
        )
    }

    /// A success if a process listens there; with `isOwn`, only if that is one of the instance.
    ///
    /// Connects only if the system shows no listener: connections to the place may be forwarded.
    mutating func presence(in tree: (any ProcessTree)?, isOwn: Bool) async -> ProbeResult {
        switch owner(in: tree) {
        case .own: return .success
        case .other: return isOwn ? ownership(in: tree) : .success
        case .unknown: break
        }
        if place.isTaken == true { return .success }
        guard let kind = place.probe else { return .failure("no process listens at \(place)") }
        let probe = Probe(kind, period: .seconds(1), timeout: .seconds(5), failures: 1)
        switch await ProbeRunner(supervision: supervision).run(probe, on: ProbeTarget(place: place)) {
        case .success: return .success
        case .failure(let problem): return .failure("no process listens at \(place): \(problem)")
        }
    }
}

/// The descriptors that processes have for a set of sockets.
struct ListenerHolder: Sendable {
    private var paths: [String: String] = [:]

    /// How many of the sockets have a descriptor here.
    var count: Int { paths.count }

    /// Whether the descriptors still are of these sockets: of all, or of any one if that is enough.
    func holds(_ sockets: Set<String>, isAnyEnough: Bool) -> Bool {
        guard !paths.isEmpty, isAnyEnough || sockets.count == paths.count else { return false }
        return paths.allSatisfy { inode, path in
            guard sockets.contains(inode), let bytes = try? File.read(path: path, limit: 1 << 20) else { return false }
            return Self.inode(bytes) == inode
        }
    }

    /// Searches the descriptors of a process. False if the system does not show them.
    mutating func find(in process: Int32, _ sockets: Set<String>) -> Bool {
        let directory = "/proc/\(process)/fdinfo"
        let names: [String]
        do throws(SystemError) {
            names = try Directory(path: directory).names()
        } catch {
            return error.isNotFound
        }
        var isShown = true
        for name in names where paths.count < sockets.count {
            let path = "\(directory)/\(name)"
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try File.read(path: path, limit: 1 << 20)
            } catch {
                if error.isOutOfDescriptors { return false }
                // The descriptor was closed meanwhile.
                continue
            }
            guard let inode = Self.inode(bytes) else {
                isShown = false
                continue
            }
            if sockets.contains(inode) { paths[inode] = path }
        }
        return isShown
    }

    private static func inode(_ bytes: [UInt8]) -> String? {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("ino:") }) else { return nil }
        return line.dropFirst(4).filter { $0 != "\t" && $0 != " " }
    }
}

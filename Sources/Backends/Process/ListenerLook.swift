// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Looks again and again whether a process of an instance listens at a place.
///
/// The descriptor that was found is remembered, so that a further look reads one small file and a table of the host that is at most
/// a second old. Only when that does not show the instance are its processes looked for again.
struct ListenerLook: Sendable {
    let place: ListeningPlace
    private let host: BackendHost
    private var holder: ListenerHolder?

    init(_ place: ListeningPlace, on host: BackendHost) {
        self.place = place
        self.host = host
    }

    mutating func owner(in tree: ChildTree?) -> ListeningPlace.Owner {
        if let holder, let table = host.listeningSockets(place.family),
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

    /// A success, unless a process that is not part of the instance listens there.
    mutating func ownership(in tree: ChildTree?) -> ProbeResult {
        guard case .other = owner(in: tree) else { return .success }
        return .failure(
            "a process that is not part of the instance listens at \(place); end it, or set listener: any for the probe"
        )
    }

    /// A success where a process listens there: one of the instance, where `isOwn` asks for that.
    ///
    /// Connections are tried only where the system shows no listener, for they may be forwarded to another place.
    mutating func presence(in tree: ChildTree?, isOwn: Bool) async -> ProbeResult {
        switch owner(in: tree) {
        case .own: return .success
        case .other: return isOwn ? ownership(in: tree) : .success
        case .unknown: break
        }
        if place.isTaken == true { return .success }
        guard let kind = place.probe else { return .failure("no process listens at \(place)") }
        let probe = Probe(kind, period: .seconds(1), timeout: .seconds(5), failures: 1)
        switch await ProbeRunner(host: host).run(probe, on: ProbeTarget(place: place)) {
        case .success: return .success
        case .failure(let words): return .failure("no process listens at \(place): \(words)")
        }
    }
}

/// The descriptors of processes that sockets are open at.
struct ListenerHolder: Sendable {
    private var paths: [String: String] = [:]

    /// How many of the sockets are held.
    var count: Int { paths.count }

    /// Whether they are still these sockets, and all of them unless any is enough.
    func holds(_ sockets: Set<String>, isAnyEnough: Bool) -> Bool {
        guard !paths.isEmpty, isAnyEnough || sockets.count == paths.count else { return false }
        return paths.allSatisfy { inode, path in
            guard sockets.contains(inode), let bytes = try? File.read(path: path, limit: 1 << 20) else { return false }
            return Self.inode(bytes) == inode
        }
    }

    /// Looks through all that a process has open. Returns false if the system does not show that.
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
                // It was closed meanwhile.
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

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// Watches files for changes, as long as its loop runs. Use it on the loop only.
package final class FileWatcher: EventHandler {
    private let descriptor: FileDescriptor
    /// What to call for each watch of the system: a file has one, however many ask for it.
    private var handlers: [Int32: [UInt64: () -> Void]] = [:]
    private var lastID: UInt64 = 0

    /// What ``end(_:)`` ends.
    package struct Watch: Hashable, Sendable {
        fileprivate let number: Int32
        fileprivate let id: UInt64
    }

    /// Call on the loop.
    package init(loop: EventLoop) throws(SystemError) {
        let number = csys_inotify_create()
        guard number >= 0 else { throw .last("create an inotify descriptor") }
        descriptor = FileDescriptor(adopting: number)
        _ = try loop.register(number, interest: .read, handler: self)
    }

    /// Calls `onChange` in each turn of the loop in which an open file was written to, truncated, or lost its name.
    /// Returns the watch, to end it with.
    package func watch(
        _ file: borrowing FileDescriptor, _ name: String, onChange: @escaping () -> Void
    ) throws(SystemError) -> Watch {
        // By its descriptor, so that it is this file whatever has the name by now.
        let watch = unsafe csys_inotify_add(descriptor.rawValue, "/proc/self/fd/\(file.rawValue)")
        guard watch >= 0 else { throw .last("watch", name) }
        return add(watch, onChange)
    }

    /// Calls `onChange` in each turn of the loop in which a name of a directory was made, removed or replaced, or the
    /// directory itself.
    package func watchNames(of directory: String, onChange: @escaping () -> Void) throws(SystemError) -> Watch {
        let watch = unsafe csys_inotify_add_names(descriptor.rawValue, directory)
        guard watch >= 0 else { throw .last("watch", directory) }
        return add(watch, onChange)
    }

    private func add(_ number: Int32, _ onChange: @escaping () -> Void) -> Watch {
        lastID += 1
        handlers[number, default: [:]][lastID] = onChange
        return Watch(number: number, id: lastID)
    }

    package func end(_ watch: Watch) {
        guard handlers[watch.number]?.removeValue(forKey: watch.id) != nil, handlers[watch.number]?.isEmpty == true
        else { return }
        handlers[watch.number] = nil
        _ = csys_inotify_remove(descriptor.rawValue, watch.number)
    }

    package func ready(_ events: ReadyEvents) {
        var changed = Set<Int32>()
        var watches = [Int32](repeating: 0, count: 256)
        let count = unsafe csys_inotify_read(descriptor.rawValue, &watches, 256)
        guard count > 0 else { return }
        for watch in watches[..<Int(count)] {
            if watch == -2 { changed.formUnion(handlers.keys) } else { changed.insert(watch) }
        }
        for watch in changed {
            for id in handlers[watch]?.keys.sorted() ?? [] { handlers[watch]?[id]?() }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension InstanceLog {
    private static let page = 2048

    package func isReadable(isFollowing: Bool) -> Bool {
        state.withLock { $0.hasRun || $0.contents.tail.end > 0 || (isFollowing && !$0.isOver) }
    }

    /// Why the output is not kept in its files now; nil while it is.
    package var failure: BackendFailure? { state.withLock { $0.failure } }

    /// Calls when the output is not kept any more, with the reason, and when it is again; on the supervising loop.
    package func onChange(_ body: @escaping @Sendable (BackendFailure?) -> Void) {
        state.withLock { $0.onChange = body }
    }

    /// The position after the newest line.
    package var end: UInt64 { state.withLock { $0.contents.tail.end } }

    package func tail(lines: Int, isFollowing: Bool) -> (lines: [LogLine], position: LogPosition) {
        state.withLock { $0.contents.newest(lines, isFollowing: isFollowing) }
    }

    package func isFilling(after position: LogPosition) -> Bool {
        state.withLock { $0.contents.tail.isFilling(after: position.line, page: Self.page) }
    }

    package func available(after position: LogPosition) -> (lines: [LogLine], position: LogPosition) {
        state.withLock { $0.contents.lines(after: position, atMost: Self.page) }
    }

    /// The newest lines of standard error after a position, oldest first, with the one that has no end yet.
    package func lastErrorLines(_ count: Int, after position: UInt64 = 0) -> [String] {
        let (lines, beginning) = state.withLock { state in
            (
                state.contents.tail.lines(after: position, atMost: .max).lines,
                state.contents.beginnings[.standardError]?.text
            )
        }
        let texts = lines.filter { $0.stream == .standardError }.map(\.text) + (beginning.map { [$0] } ?? [])
        return texts.suffix(count)
    }

    package func lines(
        after position: LogPosition
    ) async throws(CancellationError) -> (lines: [LogLine], position: LogPosition) {
        var position = position
        while true {
            let (page, isOver, changes) = state.withLock { state in
                (state.contents.lines(after: position, atMost: Self.page), state.isOver, state.changes)
            }
            if !page.lines.isEmpty || isOver { return page }
            position = page.position
            await wait(after: changes)
            if Task.isCancelled { throw CancellationError() }
        }
    }

    /// Waits for a text that fits, in what was written since the last opening of the files, lines without an end included.
    /// False when the output has ended without one.
    func hasText(where fits: (String) -> Bool) async -> Bool {
        var position: UInt64 = 0
        while !Task.isCancelled {
            let (page, isOver, changes) = state.withLock { state in
                (state.search?.texts(after: position, atMost: Self.page), state.isOver, state.changes)
            }
            guard let page else { return false }
            if page.texts.contains(where: fits) {
                state.withLock { if $0.search?.found() == false { $0.search = nil } }
                return true
            }
            if page.position != position {
                position = page.position
                continue
            }
            if isOver { return false }
            await wait(after: changes)
        }
        return false
    }

    private func wait(after changes: UInt64) async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let goesOn = state.withLock { state in
                    if state.changes != changes || state.isOver || Task.isCancelled { return true }
                    state.waiters[id] = waiter
                    return false
                }
                if goesOn { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}

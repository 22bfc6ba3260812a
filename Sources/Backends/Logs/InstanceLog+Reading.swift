// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension InstanceLog {
    private static let page = 2048

    package func isReadable(isFollowing: Bool) -> Bool {
        state.withLock { $0.hasRun || $0.contents.tail.end > 0 || (isFollowing && !$0.isOver) }
    }

    /// Why the output is not kept in its files; nil while it is.
    package var failure: BackendFailure? { state.withLock { $0.failure } }

    /// The bytes of output that the last run has lost.
    package var lostBytes: UInt64 { state.withLock { $0.lostBytes } }

    /// Calls the body when the output stops being kept in its files, with the reason, and when it is kept again; on the supervising
    /// loop.
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

    /// The newest lines of a stream after a position, oldest first, an unfinished one included.
    package func lastLines(_ count: Int, of stream: LogLine.Stream, after position: UInt64 = 0) -> [String] {
        let (lines, beginning) = state.withLock { state in
            (
                state.contents.tail.lines(after: position, atMost: .max).lines,
                state.contents.beginnings[stream]?.text
            )
        }
        let texts = lines.filter { $0.stream == stream }.map(\.text) + (beginning.map { [$0] } ?? [])
        return texts.suffix(count)
    }

    package func lines(
        after position: LogPosition
    ) async throws(CancellationError) -> (lines: [LogLine], position: LogPosition) {
        var position = position
        while true {
            let (page, change) = state.withLock { state in
                let page = state.contents.lines(after: position, atMost: Self.page)
                return (page, page.lines.isEmpty && !state.isOver ? state.awaitedChange() : nil)
            }
            guard let change else { return page }
            position = page.position
            guard await change.value() != nil else { throw CancellationError() }
        }
    }

    /// Waits for a text that fits, in the output since the files were last opened, unfinished lines included.
    ///
    /// False when the output has ended without one, or the task was cancelled.
    func hasText(where fits: (String) -> Bool) async -> Bool {
        var position: UInt64 = 0
        while !Task.isCancelled {
            let (page, change) = state.withLock { state in
                (state.search?.texts(after: position, atMost: Self.page), state.isOver ? nil : state.awaitedChange())
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
            guard let change else { return false }
            await change.value()
        }
        return false
    }
}

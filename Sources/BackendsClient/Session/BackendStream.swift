// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Events or log lines of the daemon, for the time of the scope that opened the stream.
///
/// The next message is taken from the connection only when the reader asks for an element and has none left, so a slow
/// reader holds the daemon back and does not fill memory. A second iterator continues where the first one ended. The
/// stream belongs to one task at a time.
///
/// The iteration throws a ``BackendClientError`` when the stream cannot continue, ``FailureReason/callCancelled`` when the
/// reader's task is cancelled.
public struct BackendStream<Element: Sendable>: AsyncSequence {
    /// What the iteration throws.
    public typealias Failure = BackendClientError

    private let reader: FeedReader<Element>

    init(_ reader: FeedReader<Element>) {
        self.reader = reader
    }

    /// Returns an iterator over the elements that have not been read yet.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: reader)
    }

    /// Reads the elements of a ``BackendStream``, one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: FeedReader<Element>

        /// Waits for the next element.
        ///
        /// - Parameter actor: The actor of the caller.
        /// - Returns: The element; nil at the end of the stream.
        /// - Throws: Why the stream cannot continue.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(BackendClientError) -> Element? {
            try await reader.next(isolation: actor)
        }
    }
}

@available(*, unavailable)
extension BackendStream: Sendable {}

@available(*, unavailable)
extension BackendStream.AsyncIterator: Sendable {}

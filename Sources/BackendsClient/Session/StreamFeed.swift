// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// What lies between the task that makes the calls of a stream and its reader. At most one batch of elements is in
/// transit: the reader asks, and the other end answers.
struct StreamFeed<Element: Sendable>: Sendable {
    fileprivate typealias Batch = Result<[Element], BackendClientError>

    fileprivate let requests: AsyncStream<Void>
    fileprivate let asking: AsyncStream<Void>.Continuation
    fileprivate let batches: AsyncStream<Batch>
    fileprivate let sending: AsyncStream<Batch>.Continuation

    private init() {
        (requests, asking) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        (batches, sending) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Runs `body` with a stream while `calls` feeds it. The task of `calls` is cancelled when `body` ends.
    static func run<Value>(
        _ calls: @escaping @Sendable (FeedWriter<Element>) async -> Void,
        _ body: (sending BackendStream<Element>) async throws -> Value
    ) async throws -> Value {
        let feed = StreamFeed()
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await calls(FeedWriter(feed)) }
            defer { group.cancelAll() }
            return try await body(BackendStream(FeedReader(feed)))
        }
    }
}

/// The reader's end of a ``StreamFeed``.
final class FeedReader<Element: Sendable> {
    private let asking: AsyncStream<Void>.Continuation
    private var batches: AsyncStream<StreamFeed<Element>.Batch>.Iterator
    /// The elements that were received and not read, the next one last.
    private var elements: [Element] = []

    fileprivate init(_ feed: StreamFeed<Element>) {
        asking = feed.asking
        batches = feed.batches.makeAsyncIterator()
    }

    /// Waits for the next element; nil when the stream has ended.
    func next(isolation actor: isolated (any Actor)?) async throws(BackendClientError) -> Element? {
        if let element = elements.popLast() { return element }
        asking.yield()
        guard let batch = await batches.next(isolation: actor) else {
            if Task.isCancelled { throw .callCancelled }
            return nil
        }
        do throws(BackendClientError) {
            elements = try batch.get().reversed()
        } catch {
            // The call of a cancelled reader ends too, and may say so first.
            throw Task.isCancelled ? .callCancelled : error
        }
        return elements.popLast()
    }
}

/// The end of a ``StreamFeed`` that calls write to.
final class FeedWriter<Element: Sendable> {
    private let requests: AsyncStream<Void>
    private let sending: AsyncStream<StreamFeed<Element>.Batch>.Continuation
    /// Whether the reader has asked and has not been answered.
    private var isAsked = false

    fileprivate init(_ feed: StreamFeed<Element>) {
        requests = feed.requests
        sending = feed.sending
    }

    /// Waits until the reader asks for elements. Returns false when the scope has ended.
    func isWanted() async -> Bool {
        guard !isAsked else { return !Task.isCancelled }
        var iterator = requests.makeAsyncIterator()
        isAsked = await iterator.next(isolation: #isolation) != nil
        return isAsked
    }

    /// Answers the reader. An empty array is not an answer.
    func send(_ elements: [Element]) {
        guard !elements.isEmpty else { return }
        isAsked = false
        sending.yield(.success(elements))
    }

    /// Makes a call, and another one after each loss, until a call returns or `resumption` gives up; that ends the
    /// stream.
    ///
    /// - Parameters:
    ///   - resumption: Decides whether a call that was lost is made again.
    ///   - onInterruption: Called with the first loss after the stream worked.
    ///   - call: Makes one call, and throws the status that ended it early.
    func run(
        _ resumption: Resumption, onInterruption: (BackendClientError) -> Void, _ call: () async throws -> Void
    ) async {
        defer { sending.finish() }
        while true {
            do {
                return try await call()
            } catch {
                let status = error as? RPCStatus ?? RPCStatus(.internal, "\(error)")
                let isFirst = resumption.isWell
                guard let pause = resumption.ended(status, now: .now) else {
                    sending.yield(.failure(BackendClientError(status)))
                    return
                }
                if isFirst { onInterruption(BackendClientError(status)) }
                guard (try? await Task.sleep(for: pause)) != nil else { return }
            }
        }
    }
}
